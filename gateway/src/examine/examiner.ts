/**
 * Examination of mails: small ones at once, everything else in a reader process, so that no mail and no dictionary can
 * hold the SMTP loop. See docs/decisions/0009-examination.md.
 */

import { setImmediate } from "node:timers/promises";
import type { Dictionary } from "@sealpost/shared/dictionary/dictionary.ts";
import { examine } from "@sealpost/shared/dictionary/examine.ts";
import { printLine } from "@sealpost/shared/dictionary/print.ts";
import { compileSet, type DictionarySet } from "@sealpost/shared/dictionary/set.ts";
import type { Mail } from "@sealpost/shared/mail.ts";
import { examineMail, type MailExamination } from "./examine-mail.ts";
import { type FileType, fileType } from "./file-type.ts";
import { INLINE_BYTES_MAX, INLINE_MS_MAX, READER_BYTES_MAX, READER_MS_MAX } from "./limits.ts";
import type { ReaderLimits } from "./reader.ts";
import type { DictionaryRows } from "./reader-messages.ts";
import { ReaderPool } from "./reader-pool.ts";
import { trialPieces } from "./trial.ts";

export type Examiner = {
  /** Makes these dictionaries ready, then uses them; mails meanwhile meet the old ones. False: they could not be made ready, and the old ones stay. */
  readonly use: (dictionaries: readonly Dictionary[]) => Promise<boolean>;
  /** What is in a mail. Never throws for a mail. */
  readonly examine: (raw: Buffer, mail: Mail) => Promise<MailExamination>;
  /** The same with the texts that were seen. */
  readonly explain: (raw: Buffer, mail: Mail) => Promise<MailExamination>;
  readonly close: () => Promise<void>;
};

export type ExaminerOptions = {
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Processes that read; each takes about 60 MB when idle. */
  readonly readers: number;
  /** Called when a reader process was lost over a mail. */
  readonly onReaderEnded: () => void;
  /** After which a reader process is ended over a mail. */
  readonly limits?: ReaderLimits;
};

/** Read at once when they are small: nothing in them needs unpacking. */
const LIGHT: ReadonlySet<FileType> = new Set([
  "empty",
  "text",
  "html",
  "xml",
  "image",
  "audio",
  "video",
  "font",
  "smime-signature",
]);
/** The trial text (16 KB) may take this much; dictionaries that need more run in reader processes only. */
const TRIAL_MS_MAX = 5;
const LIMITS: ReaderLimits = { ms: READER_MS_MAX, bytes: READER_BYTES_MAX };
const WARM_PIECE = 512;

const INLINE_EFFORT = { extractMs: INLINE_MS_MAX, expressionsMs: INLINE_MS_MAX, readsAttachments: true };

/** The dictionaries that mails meet: compiled for the loop, as rows for the readers. */
type InForce = {
  readonly set: DictionarySet;
  readonly rows: readonly DictionaryRows[];
  readonly isLight: boolean;
};

/** Starts examination. Without dictionaries it still tells conditions and file types. */
export function createExaminer(options: ExaminerOptions): Examiner {
  const pool = new ReaderPool(options.readers, options.limits ?? LIMITS);
  let current: InForce = { set: compileSet([]), rows: [], isLight: true };

  const run = async (raw: Buffer, mail: Mail, keepsTexts: boolean): Promise<MailExamination> => {
    const inForce = current;
    if (inForce.isLight && isLight(raw, mail)) {
      const effort = { ...INLINE_EFFORT, now: options.now, keepsTexts };
      const result = await examineMail(raw, mail, inForce.set, effort);
      if (!result.examination.cut.some(({ why }) => why === "time")) return result;
    }
    return await examineApart(raw, mail, inForce, keepsTexts);
  };

  /** A lost reader is tried once more without the attachments; then the mail is told to be half-scanned. */
  const examineApart = async (raw: Buffer, mail: Mail, { set, rows }: InForce, keepsTexts: boolean) => {
    for (const readsAttachments of [true, false]) {
      const outcome = await pool.run({ raw, readsAttachments, keepsTexts }, rows);
      if (outcome.kind === "examined") return outcome.result;
      options.onReaderEnded();
    }
    return nothingSeen(mail, set);
  };

  return {
    use: async (dictionaries) => {
      const [set, rows] = [compileSet(dictionaries), dictionaries.map(toRows)];
      await warm(set, options.now);
      const trialMs = await pool.prepare(rows);
      if (trialMs === null) return false;
      current = { set, rows, isLight: trialMs <= TRIAL_MS_MAX };
      return true;
    },
    examine: (raw, mail) => run(raw, mail, false),
    explain: (raw, mail) => run(raw, mail, true),
    close: () => pool.close(),
  };
}

function isLight(raw: Buffer, mail: Mail): boolean {
  return (
    raw.length <= INLINE_BYTES_MAX &&
    mail.attachments.every((attachment) => {
      const content = attachment.content();
      return LIGHT.has(fileType(Buffer.from(content.buffer, content.byteOffset, content.length)));
    })
  );
}

function toRows({ name, lines }: Dictionary): DictionaryRows {
  return { name, rows: lines.map(({ line }) => ({ number: line.number, source: printLine(line) })) };
}

/** Lets the expressions build their tables in small pieces, so that the first mails do not pay for it. */
async function warm(set: DictionarySet, now: () => number): Promise<void> {
  for (const text of trialPieces(WARM_PIECE)) {
    examine([{ kind: "body", text }], set, { now, limitMs: INLINE_MS_MAX });
    await setImmediate();
  }
}

/** The answer when even headers and body ended a reader: no scores, and the reason. */
function nothingSeen(mail: Mail, set: DictionarySet): MailExamination {
  const attachments = mail.attachments.map(({ name }) => ({ kind: "attachment" as const, name, length: 0 }));
  const components = [
    { kind: "headers" as const, name: null, length: 0 },
    { kind: "body" as const, name: null, length: 0 },
    ...attachments,
  ];
  const empty = components.map(({ kind, name }) =>
    kind === "attachment" ? { kind, name: name ?? "", text: "" } : { kind, text: "" },
  );
  const detail = "Examining the mail took more time or memory than is allowed.";
  return {
    examination: examine(empty, set, { now: () => 0, limitMs: 0 }),
    components,
    conditions: [{ kind: "half-scanned", component: null, detail }],
    files: [],
    lost: true,
    texts: [],
  };
}
