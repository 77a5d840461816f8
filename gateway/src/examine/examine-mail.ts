/**
 * One mail, from its bytes to what the dictionaries find in it. The same code runs on the SMTP loop, for
 * small mails, and in a reader process.
 */
import type { Component } from "@sealpost/shared/dictionary/component.ts";
import { type Examination, examine } from "@sealpost/shared/dictionary/examine.ts";
import { seenText } from "@sealpost/shared/dictionary/seen-text.ts";
import type { DictionarySet } from "@sealpost/shared/dictionary/set.ts";
import type { Attachment, Mail } from "@sealpost/shared/mail.ts";
import { bodyText } from "./body-text.ts";
import { decodeHeaders } from "./headers-text.ts";
import { noteProblems } from "./problems.ts";
import { PGP_MESSAGE, readFile } from "./read-file.ts";
import {
  type Budget,
  type Condition,
  type ConditionKind,
  type FileFound,
  makeBudget,
  Reading,
} from "./reading.ts";

/** A component without its text. `name` is that of the attachment. */
export type ComponentSummary = {
  readonly kind: Component["kind"];
  readonly name: string | null;
  readonly length: number;
};

export type MailExamination = {
  readonly examination: Examination;
  /** Headers, body, then each attachment: the numbers that everything else refers to. */
  readonly components: readonly ComponentSummary[];
  readonly conditions: readonly Condition[];
  readonly files: readonly FileFound[];
  /** A reader process was lost over it: what was not found may be there all the same. */
  readonly lost: boolean;
  /** The text that was examined, for explaining; empty unless asked for. */
  readonly texts: readonly string[];
};

export type Effort = {
  readonly now: () => number;
  readonly extractMs: number;
  readonly expressionsMs: number;
  /** False after a reader process was lost over the attachments: they are listed as half-scanned. */
  readonly readsAttachments: boolean;
  readonly keepsTexts: boolean;
};

const HEADERS = 0;
const BODY = 1;

/** Examines. Never throws for a mail. */
export async function examineMail(
  raw: Buffer,
  mail: Mail,
  set: DictionarySet,
  effort: Effort,
): Promise<MailExamination> {
  const conditions: Condition[] = [];
  const noteAt = (component: number | null) => (kind: ConditionKind, detail: string) => {
    conditions.push({ kind, component, detail });
  };
  const [headers, body] = [decodeHeaders(raw), bodyText(mail)];
  if (headers.cut) noteAt(HEADERS)("half-scanned", "The mail has more header fields than are examined.");
  if (body.cut) noteAt(BODY)("half-scanned", "The body is longer than is examined.");
  if (body.text.includes(PGP_MESSAGE)) noteAt(BODY)("encrypted", "The body is encrypted.");
  noteProblems(mail.problems, { note: noteAt(null) });
  const readings = await readAttachments(mail.attachments, effort);
  const components: Component[] = [
    { kind: "headers", text: seenText(headers.text) },
    { kind: "body", text: seenText(body.text) },
    ...readings.map(
      ({ name, reading }): Component => ({ kind: "attachment", name, text: seenText(reading.text) }),
    ),
  ];
  const examination = examine(components, set, { now: effort.now, limitMs: effort.expressionsMs });
  for (const { component, why } of examination.cut) noteAt(component)("half-scanned", CUT_SENTENCES[why]);
  return {
    examination,
    components: components.map(summary),
    conditions: [...conditions, ...readings.flatMap(({ reading }) => reading.conditions)],
    files: readings.flatMap(({ reading }) => reading.files),
    lost: !effort.readsAttachments,
    texts: effort.keepsTexts ? components.map(({ text }) => text) : [],
  };
}

const CUT_SENTENCES = {
  length: "A text is longer than is examined.",
  time: "The expressions took longer than is allowed.",
} as const;

function summary(component: Component): ComponentSummary {
  const name = component.kind === "attachment" ? component.name : null;
  return { kind: component.kind, name, length: component.text.length };
}

type NamedReading = { name: string; reading: Reading };

async function readAttachments(attachments: readonly Attachment[], effort: Effort): Promise<NamedReading[]> {
  const budget = makeBudget(effort.now, effort.extractMs);
  const readings: NamedReading[] = [];
  for (const [index, attachment] of attachments.entries()) {
    readings.push({
      name: attachment.name,
      reading: await readAttachment(attachment, BODY + 1 + index, budget, effort),
    });
  }
  return readings;
}

async function readAttachment(
  attachment: Attachment,
  component: number,
  budget: Budget,
  effort: Effort,
): Promise<Reading> {
  const reading = new Reading(component, budget);
  if (!effort.readsAttachments) {
    reading.note("half-scanned", "Reading the attachments took more time or memory than is allowed.");
    return reading;
  }
  const content = attachment.content();
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  await readFile({ path: attachment.name, declared: attachment.type, bytes }, reading);
  return reading;
}
