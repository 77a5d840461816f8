/**
 * What the sender of a held mail is told: that it waits, and what became of it.
 */
import type { Letter } from "../letter/letter.ts";

export type HeldMail = {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly policy: string;
  readonly organisation: string;
  readonly messageId: string | null;
};

const mostNamed = 20;

export function heldLetter(held: HeldMail & { readonly decideByMs: number }): Letter {
  const until = new Date(held.decideByMs).toISOString().slice(0, 16).replace("T", " ");
  return letter(held, "Your mail waits for review", [
    `The rule "${held.policy}" holds your mail to ${people(held.recipients)} until somebody has reviewed it. It has not been sent yet, and you need do nothing.`,
    `You will hear what was decided. If nobody decides until ${until} UTC, the mail is not sent, and you are told.`,
  ]);
}

export function releasedLetter(held: HeldMail, how: "relayed" | "secured"): Letter {
  const end = how === "secured" ? " It was secured: outside, it is read in the portal." : "";
  return letter(held, "Your mail was released", [
    `Your mail to ${people(held.recipients)} was reviewed and is on its way.${end}`,
  ]);
}

/** `words` are the reviewer's or administrator's; null for none. */
export function refusedLetter(held: HeldMail, words: string | null): Letter {
  return letter(held, "Your mail was not released", [
    `Your mail to ${people(held.recipients)} was reviewed and not released. Nobody got it. It was held by the rule "${held.policy}".`,
    words === null
      ? "No reason was given: ask your administrator before you send it again."
      : `The reason: ${words}`,
  ]);
}

export function returnedLetter(held: HeldMail): Letter {
  return letter(held, "Your mail was not sent: nobody reviewed it in time", [
    `Your mail to ${people(held.recipients)} was held by the rule "${held.policy}", and nobody decided about it in time. Nobody got it.`,
    "Ask your administrator, then send it again.",
  ]);
}

function letter(held: HeldMail, subject: string, paragraphs: readonly string[]): Letter {
  return { to: held.sender, from: held.organisation, subject, paragraphs, about: held.messageId };
}

function people(addresses: readonly string[]): string {
  const named = addresses.slice(0, mostNamed).join(", ");
  const more = addresses.length - mostNamed;
  return more > 0 ? `${named} and ${more} more` : named;
}
