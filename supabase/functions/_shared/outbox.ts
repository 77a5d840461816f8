/**
 * The outbox of our mails: what came of each is recorded, and what may yet succeed is tried again, less and less often, for
 * two days.
 */
import type { Backend } from "./backend.ts";
import type { Delivery } from "./outgoing-mail.ts";

export type MailOutcome =
  | { kind: "sent" }
  /** It will never arrive: counts as bounced. */
  | { kind: "failed"; because: string }
  /** It is no longer wanted; nothing bounced. */
  | { kind: "dropped"; because: string }
  | { kind: "retry"; because: string; seconds: number };

export interface Outbox {
  record(noticeId: string, outcome: MailOutcome): Promise<void>;
}

export function outboxOf(backend: Backend): Outbox {
  return {
    async record(noticeId, outcome) {
      await backend.call<null>("finish_notice", {
        p_id: noticeId,
        p_outcome: outcome.kind,
        p_error: outcome.kind === "sent" ? null : outcome.because,
        p_retry_seconds: outcome.kind === "retry" ? outcome.seconds : 0,
      });
    },
  };
}

/** What becomes of a mail after its attempt (counted from 1) was answered. */
export function outcomeOf(delivery: Delivery, attempts: number): MailOutcome {
  switch (delivery.kind) {
    case "taken":
      return { kind: "sent" };
    case "refused":
      return { kind: "failed", because: `The mail server refused it: ${delivery.code}.` };
    case "try-later":
      return laterOrNever(`The mail server did not take it: ${delivery.code}.`, attempts);
  }
}

/** 1, 5 and 15 minutes, then every hour; after about two days it has failed. */
export function laterOrNever(because: string, attempts: number): MailOutcome {
  if (attempts >= MOST_ATTEMPTS) return { kind: "failed", because };
  return { kind: "retry", because, seconds: PAUSES_SECONDS[attempts - 1] ?? HOUR_SECONDS };
}

const HOUR_SECONDS = 3_600;
const PAUSES_SECONDS = [60, 300, 900];
const MOST_ATTEMPTS = PAUSES_SECONDS.length + 48;
