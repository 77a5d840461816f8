/**
 * What a failed sign-in or password change says: what happened, and the mend. One sentence for every wrong pair, so
 * that it tells nobody which addresses exist.
 */
import type { AccountOutcome } from "./session.ts";

type Form = "sign-in" | "unlock" | "new-password";

/** The sentence under the form; null when it went well. */
export function problemWords(outcome: AccountOutcome, form: Form): string | null {
  switch (outcome.kind) {
    case "done":
      return null;
    case "refused":
    case "wrong":
      return WRONG[form];
    case "locked-out": {
      const span = outcome.minutes === 1 ? "1 minute" : `${outcome.minutes} minutes`;
      return `Too many tries. To protect the messages, signing in is locked for ${span}. Then try again.`;
    }
    case "expired":
      return (
        "This temporary password is too old: it worked for 7 days. Ask the person who wrote to you to send the " +
        "message again; you will get a new one by mail."
      );
    case "untrusted":
      return (
        "This account’s keys are not the ones that were vouched for when it was made, so nothing was opened. " +
        "Please tell the person who wrote to you."
      );
    case "offline":
      return "You are offline. Connect to the internet, then try again.";
    case "failed":
      return "Our server did not answer as it should. Nothing is lost. Try again in a minute.";
  }
}

const WRONG: Record<Form, string> = {
  "sign-in":
    "That e-mail address and password do not go together. Check both. " +
    "A temporary password works for 7 days, and only the newest one works.",
  unlock: "That is not the password of this account. Check capitals and spaces, then try again.",
  "new-password":
    "Your temporary password was replaced meanwhile. Load this page again, then sign in with the newest one from your mail.",
};
