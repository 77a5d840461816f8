/**
 * A text on which dictionaries show what they cost, before they may run on the SMTP loop.
 */
import { examine } from "@sealpost/shared/dictionary/examine.ts";
import type { DictionarySet } from "@sealpost/shared/dictionary/set.ts";

const WORDS =
  "Dear colleague please find the invoice 2024-118 for account DE12 3456 7890 attached regards aaaaaaaa ABABABAB abcabcabc 4111 1111 1111 1112 tel +44 20 7946 0958 https://example.org/a?b=c&d=e1f2a3b4 x@y.example — 10:30, 1.000,00 €".split(
    " ",
  );
const TRIAL_LENGTH = 16_384;

/** Deterministic words in changing order, in pieces of `length`. */
export function* trialPieces(length: number): Generator<string> {
  let seed = 1;
  for (let made = 0; made < TRIAL_LENGTH; made += length) {
    const words: string[] = [];
    for (let size = 0; size < length; size += (words.at(-1)?.length ?? 0) + 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      words.push(WORDS[seed % WORDS.length] ?? "");
    }
    yield words.join(seed % 7 === 0 ? "\n" : " ").slice(0, length);
  }
}

/** Milliseconds for all of the trial text: the best of three, the first of which builds what is built lazily. */
export function measureTrial(set: DictionarySet, now: () => number): number {
  const times = [1, 2, 3].map(() => {
    const before = now();
    for (const text of trialPieces(TRIAL_LENGTH))
      examine([{ kind: "body", text }], set, { now, limitMs: 1_000 });
    return now() - before;
  });
  return Math.min(...times);
}
