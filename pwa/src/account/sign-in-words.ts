/**
 * What a failed sign-in says. One sentence for every wrong pair, so that it tells nobody which addresses exist.
 */
import type { NewPasswordOutcome, SignInOutcome } from "./session.ts";

type Failed<T extends { kind: string }> = Exclude<T, { kind: "done" }>;

const OFFLINE = "You are offline. Connect to the internet, then try again.";
const SERVER = "Our server did not answer as it should. Nothing is lost. Try again in a minute.";
const UNTRUSTED =
  "This account’s keys are not the ones your organisation’s sender vouched for, so nothing was opened. " +
  "Please tell the person who wrote to you.";

const EXPIRED =
  "This temporary password is too old: it worked for 7 days. Ask the person who wrote to you to send the message " +
  "again; you will get a new one by mail.";

function lockedWords(minutes: number): string {
  const span = minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return `Too many tries. To protect the messages, signing in is locked for ${span}. Then try again.`;
}

/** The sentence under the sign-in form. */
export function signInProblem(outcome: Failed<SignInOutcome>): string {
  switch (outcome.kind) {
    case "refused":
    case "wrong":
      return (
        "That e-mail address and password do not go together. Check both. " +
        "A temporary password works for 7 days, and only the newest one works."
      );
    case "locked-out":
      return lockedWords(outcome.minutes);
    case "expired":
      return EXPIRED;
    case "untrusted":
      return UNTRUSTED;
    case "offline":
      return OFFLINE;
    case "failed":
      return SERVER;
  }
}

/** The sentence under the form for a new password. */
export function newPasswordProblem(outcome: Failed<NewPasswordOutcome>): string {
  switch (outcome.kind) {
    case "expired":
      return EXPIRED;
    case "locked-out":
      return lockedWords(outcome.minutes);
    case "refused":
    case "wrong":
      return "Your temporary password was replaced meanwhile. Sign in again with the newest one from your mail.";
    case "untrusted":
      return UNTRUSTED;
    case "offline":
      return OFFLINE;
    case "failed":
      return SERVER;
  }
}
