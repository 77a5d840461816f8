/**
 * An examiner with a few words to look for, and one mail with one attachment put before it.
 */
import { type Dictionary, readDictionary } from "@sealpost/shared/dictionary/dictionary.ts";
import { parseMail } from "../../mime/parse-mail.ts";
import { createExaminer, type Examiner } from "../examiner.ts";
import type { ReaderLimits } from "../reader.ts";
import { type Attached, mailWith } from "./files.ts";

export const WORDS = '5 "project lantern"\n3:9 regex,cardnumber "\\b(?:\\d[ -]?){12,18}\\d\\b"';

export function dictionary(text: string): Dictionary {
  const read = readDictionary("words", text);
  if (read.kind === "wrong") throw new Error(read.errors.map(({ sentence }) => sentence).join());
  return read.dictionary;
}

/** Knows `WORDS`; whoever makes it closes it. */
export async function makeExaminer(
  limits: ReaderLimits,
  onReaderEnded: () => void = () => undefined,
): Promise<Examiner> {
  const examiner = createExaminer({ now: () => performance.now(), readers: 1, onReaderEnded, limits });
  await examiner.use([dictionary(WORDS)]);
  return examiner;
}

/** The score of the only attachment, its text, and every condition of the mail. */
export async function examined(examiner: Examiner, attached: Attached) {
  const raw = mailWith("see attached", [attached]);
  const result = await examiner.explain(raw, parseMail(raw));
  return {
    score: result.examination.dictionaries[0]?.components[2]?.score,
    conditions: result.conditions.map(({ kind }) => kind),
    types: result.files.map(({ type }) => type),
    text: result.texts[2] ?? "",
  };
}
