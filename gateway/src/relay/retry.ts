/**
 * What becomes of each recipient of a relay job after an attempt: done, failed, or to be tried again, and when.
 */
import type { Handed } from "./next-hop.ts";
import type { RecipientRefusal, Reply } from "./transaction.ts";

export type Fate = {
  readonly done: readonly string[];
  readonly failed: readonly RecipientRefusal[];
  /** What the next hop said last, for administrators; null where all is well. */
  readonly error: string | null;
  /** For those in neither list. */
  readonly retrySeconds: number;
};

/** Two days, as senders expect of mail servers before they are told. */
export const givesUpAfterMs = 48 * 3_600_000;
const firstRetrySeconds = 60;
const longestRetrySeconds = 3_600;

export function judgeHandOver(
  recipients: readonly string[],
  handed: Handed,
  { ageMs, attempts }: { readonly ageMs: number; readonly attempts: number },
): Fate {
  const replies = repliesOf(handed);
  const done = recipients.filter((address) => replies(address) === null);
  const open = recipients.flatMap((address) => {
    const reply = replies(address);
    return reply === null ? [] : [{ address, reply }];
  });
  const failed = open.filter(({ reply }) => reply.code >= 500 || ageMs > givesUpAfterMs);
  const last = open[0]?.reply;
  return {
    done,
    failed,
    error: last === undefined ? null : `${last.code} ${last.text}`,
    retrySeconds: Math.min(firstRetrySeconds * 2 ** Math.max(0, attempts - 1), longestRetrySeconds),
  };
}

/** The refusal for an address, null where the mail was taken for it. */
function repliesOf(handed: Handed): (address: string) => Reply | null {
  switch (handed.kind) {
    case "away":
      return () => ({ code: 451, text: `4.4.1 The next mail server could not be reached (${handed.what})` });
    case "refused":
    case "taken": {
      const refusals = new Map(handed.refusals.map(({ address, reply }) => [address, reply]));
      const otherwise = handed.kind === "taken" ? null : handed.reply;
      return (address) => refusals.get(address) ?? otherwise;
    }
  }
}
