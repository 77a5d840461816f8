/**
 * Beginning an answer: to whom it goes, and what it is called.
 */
import { normaliseAddress } from "../address.ts";
import type { Correspondent, MessageHeader } from "../wire/header.ts";

/** The recipients of an answer by `me` (normalised). One's own message is followed up to those who got it. */
export function replyRecipients(
  kind: "reply" | "reply-all",
  { from, to, cc }: Pick<MessageHeader, "from" | "to" | "cc">,
  me: string,
): { readonly to: Correspondent[]; readonly cc: Correspondent[] } {
  const seen = new Set([me]);
  const fresh = (people: readonly Correspondent[]): Correspondent[] =>
    people.filter(({ address }) => {
      const normalised = normaliseAddress(address);
      if (normalised === undefined || seen.has(normalised)) return false;
      seen.add(normalised);
      return true;
    });
  const mine = normaliseAddress(from.address) === me;
  if (kind === "reply") return { to: fresh(mine ? to : [from]), cc: [] };
  return { to: fresh([from, ...to]), cc: fresh(cc) };
}

/** "Re: …", once, however often the thread was answered before. */
export function replySubject(subject: string): string {
  return /^re:/iu.test(subject.trim()) ? subject.trim() : `Re: ${subject.trim()}`;
}
