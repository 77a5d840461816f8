/**
 * A thread that examines: it keeps the compiled dictionaries and answers one job at a time.
 *
 * It may be ended at any moment, for time or memory; nothing of worth is in it.
 */

import { type MessagePort, parentPort } from "node:worker_threads";
import { readLines } from "@sealpost/shared/dictionary/dictionary.ts";
import { compileSet, type DictionarySet } from "@sealpost/shared/dictionary/set.ts";
import { parseMail } from "../mime/parse-mail.ts";
import { examineMail } from "./examine-mail.ts";
import { EXPRESSIONS_MS_MAX, EXTRACT_MS_MAX } from "./limits.ts";
import type { DictionaryRows, FromThread, Job, ToThread } from "./protocol.ts";
import { measureTrial } from "./trial.ts";

const now = () => performance.now();

if (parentPort !== null) serve(parentPort);

function serve(port: MessagePort): void {
  let set = compileSet([]);
  const say = (message: FromThread) => port.postMessage(message);
  port.on("message", (message: ToThread) => {
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

/** An error here ends the thread; the pool then answers for it. */
async function answer(job: Job, set: DictionarySet) {
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
