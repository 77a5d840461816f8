/**
 * A process that reads strangers' files: it keeps the compiled dictionaries and answers one job at a time.
 *
 * It may be ended at any moment, for time or memory; nothing of worth is in it. It knows no key, may write
 * nothing and start nothing.
 */
import { readLines } from "@sealpost/shared/dictionary/dictionary.ts";
import { compileSet, type DictionarySet } from "@sealpost/shared/dictionary/set.ts";
import { parseMail } from "../mime/parse-mail.ts";
import { examineMail, type MailExamination } from "./examine-mail.ts";
import { EXPRESSIONS_MS_MAX, EXTRACT_MS_MAX } from "./limits.ts";
import type { DictionaryRows, FromReader, Job, ToReader } from "./reader-messages.ts";
import { measureTrial } from "./trial.ts";

const now = () => performance.now();

serve((message) => process.send?.(message));
process.on("disconnect", () => process.exit(0)); // the gateway is gone

function serve(say: (message: FromReader) => void): void {
  let set = compileSet([]);
  process.on("message", (message: ToReader) => {
    switch (message.kind) {
      case "use":
        set = compileRows(message.dictionaries);
        say({ kind: "ready", trialMs: measureTrial(set, now) });
        break;
      case "examine":
        void answer(message.job, set).then((result) => say({ kind: "examined", result }));
        break;
    }
  });
}

/** An error here ends the process; the pool then answers for it. */
async function answer(job: Job, set: DictionarySet): Promise<MailExamination> {
  const raw = Buffer.from(job.raw.buffer, job.raw.byteOffset, job.raw.length);
  return await examineMail(raw, parseMail(raw), set, {
    now,
    extractMs: EXTRACT_MS_MAX,
    expressionsMs: EXPRESSIONS_MS_MAX,
    readsAttachments: job.readsAttachments,
    keepsTexts: job.keepsTexts,
  });
}

function compileRows(dictionaries: readonly DictionaryRows[]): DictionarySet {
  return compileSet(
    dictionaries.flatMap(({ name, rows }) => {
      const read = readLines(name, rows);
      return read.kind === "read" ? [read.dictionary] : [];
    }),
  );
}
