/**
 * Bytes to a `Mail`: the only door of this room.
 *
 * The structure is read at once, in one pass; text and attachments are decoded when they are asked for, each
 * once. Nothing throws: what cannot be read stays readable as it is, and is named in `problems`.
 */
import type { Mail, Person } from "@sealpost/shared/mail.ts";
import { once, readBody } from "./body.ts";
import { decodeWords } from "./encoded-word.ts";
import { allFields, firstField, type HeaderBlock } from "./header.ts";
import { FIRST_IDS_MAX, LAST_IDS_MAX, QUOTED_MESSAGES_MAX } from "./limits.ts";
import { readPeople } from "./people.ts";
import { readStructure } from "./structure.ts";

const LF = 0x0a;
const CR = 0x0d;

/** Parses a mail as it came by SMTP (dots unstuffed, without the final dot). `raw` must not change afterwards. */
export function parseMail(raw: Buffer): Mail {
  return parseNested(raw, 0);
}

function parseNested(raw: Buffer, level: number): Mail {
  const bytes = withLineFeeds(raw);
  const structure = readStructure(bytes);
  const header = structure.root.header;
  const people = (name: string) => once(() => readPeople(allFields(bytes, header, name)));
  const lazy = {
    subject: once(() => readSubject(bytes, header)),
    from: people("from"),
    sender: people("sender"),
    replyTo: people("reply-to"),
    to: people("to"),
    cc: people("cc"),
    body: once(() => readBody(bytes, structure, (mail) => quoteMail(mail, level + 1))),
  };
  return {
    get subject() {
      return lazy.subject();
    },
    get from() {
      return lazy.from();
    },
    get sender() {
      return lazy.sender()[0] ?? null;
    },
    get replyTo() {
      return lazy.replyTo();
    },
    get to() {
      return lazy.to();
    },
    get cc() {
      return lazy.cc();
    },
    date: readDate(firstField(bytes, header, "date")),
    messageId: readIds(firstField(bytes, header, "message-id"))[0] ?? null,
    inReplyTo: readIds(firstField(bytes, header, "in-reply-to")),
    references: readIds(firstField(bytes, header, "references")),
    trigger: readTrigger(bytes, header),
    sensitivity: firstField(bytes, header, "sensitivity"),
    labels: readLabels(allFields(bytes, header, "msip_labels")),
    get text() {
      return lazy.body().text();
    },
    get html() {
      return lazy.body().html;
    },
    get attachments() {
      return lazy.body().attachments;
    },
    get problems() {
      return [...structure.problems, ...lazy.body().problems];
    },
  };
}

/** A mail whose only line breaks are carriage returns is read as if they were line feeds. */
function withLineFeeds(raw: Buffer): Buffer {
  if (raw.includes(LF) || !raw.includes(CR)) return raw;
  return Buffer.from(raw.map((byte) => (byte === CR ? LF : byte)));
}

/** A second Subject is an error of its sender, but clients differ in which one they show: a tag in any of them counts. */
function readSubject(raw: Buffer, header: HeaderBlock): string {
  const subject = allFields(raw, header, "subject").map(decodeWords).join(" ");
  return subject.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

function readTrigger(raw: Buffer, header: HeaderBlock): string | null {
  const values = allFields(raw, header, "x-sealpost").map(decodeWords);
  return values.length === 0 ? null : values.join(", ");
}

/** `MSIP_Label_<GUID>_Enabled=True; MSIP_Label_<GUID>_Name=…`: the ids of those that are enabled. */
function readLabels(fields: readonly string[]): string[] {
  const enabled = /MSIP_Label_([0-9a-f-]{36})_Enabled\s*=\s*true\b/giu;
  return fields.flatMap((field) => [...field.matchAll(enabled)].map(([, id = ""]) => id.toLowerCase()));
}

function readDate(field: string | null): Date | null {
  if (field === null) return null;
  const date = new Date(
    field
      .slice(0, 100)
      .replace(/\([^)]*\)/gu, " ")
      .replace(/\s+/gu, " ")
      .trim(),
  );
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Ids in angle brackets, the first and the last of very many; some senders leave the brackets away. */
function readIds(field: string | null): string[] {
  if (field === null) return [];
  const bare = field.split(/[\s,]+/u).filter((word) => word.includes("@"));
  const ids = field.match(/<[^<>\s]{1,900}>/gu) ?? bare.map((word) => `<${word}>`);
  if (ids.length <= FIRST_IDS_MAX + LAST_IDS_MAX) return ids;
  return [...ids.slice(0, FIRST_IDS_MAX), ...ids.slice(-LAST_IDS_MAX)];
}

/** The words of the one mail that was forwarded without any of the sender's own. */
function quoteMail(raw: Uint8Array, level: number): string | null {
  if (level > QUOTED_MESSAGES_MAX) return null;
  const mail = parseNested(Buffer.from(raw.buffer, raw.byteOffset, raw.length), level);
  const lines = [
    ["From", mail.from.map(personText).join(", ")],
    ["Subject", mail.subject],
  ].map(([name, value]) => `${name}: ${value}`);
  return `${lines.join("\n")}\n\n${mail.text ?? ""}`.trimEnd();
}

function personText({ name, address }: Person): string {
  return name === "" ? address : `${name} <${address}>`;
}
