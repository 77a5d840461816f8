/**
 * What the sender is told where a mail is refused: which rule, and how to mend it, on one line that SMTP can carry.
 */
import type { Tag } from "../tag/tag.ts";
import type { Applied } from "./rule.ts";

/** The sender knows what he wrote: its beginning is enough. */
const QUOTED_LENGTH = 40;
const LISTED_LENGTH = 300;
const NAME_LENGTH = 80;

/** Names the rule and what it found, in the administrator's words where there are any. */
export function refusalSentence({ policy, component }: Applied): string {
  const words = plain(policy.tellSender ?? "Your organisation does not let this mail out.", LISTED_LENGTH);
  const where = component === null ? "" : `, because of its ${component}`;
  const mend = policy.tellSender === null ? " Change the mail, or ask your administrator." : "";
  return `${ended(words)} The rule "${plain(policy.name, NAME_LENGTH)}" applies${where}.${mend} The mail was not sent.`;
}

export function badTagSentence(tag: Exclude<Tag, { kind: "none" | "secure" }>): string {
  switch (tag.kind) {
    case "unknown":
      return `The secure tag has an unknown option "${quoted(tag.option)}". Known options: ${listed(tag.known)}. The mail was not sent.`;
    case "unclosed":
      return `The secure tag "${quoted(tag.tag)}" has no closing bracket. Write it as [secure]. The mail was not sent.`;
    case "conflict":
      return `The secure tag names two definitions, ${quoted(tag.definitions.join(" and "))}. Name one. The mail was not sent.`;
  }
}

/** As many options as one line of an SMTP answer holds (RFC 5321, 512 bytes). */
function listed(known: readonly string[]): string {
  const words = known.map(quoted);
  const fitting = words.filter((_, index) => words.slice(0, index + 1).join(", ").length <= LISTED_LENGTH);
  return fitting.join(", ") + (fitting.length < words.length ? " and others" : "");
}

/** What the sender wrote, fit for one line of an SMTP answer. */
function quoted(words: string): string {
  return words.slice(0, QUOTED_LENGTH).replace(/[^\x20-\x7e]/gu, "?");
}

/** What an administrator wrote, without accents: SMTP answers are ASCII (RFC 5321). */
function plain(words: string, length: number): string {
  return words
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^\x20-\x7e]/gu, "?")
    .slice(0, length);
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
