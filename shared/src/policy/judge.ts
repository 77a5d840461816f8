/**
 * Judging: what one mail deserves.
 *
 * Pure. The gateway acts on the verdict. It decides from the sender's tag, the thread that the mail
 * answers, and whether it could be read at all.
 */
import type { Mail, Problem } from "../mail.ts";
import { applyTag, type Terms } from "../tag/apply.ts";
import type { TagOptions } from "../tag/option.ts";
import { parseTag, type Tag, withoutTag } from "../tag/tag.ts";
import { smaller, stricterControls } from "./controls.ts";
import { type Definition, type DefinitionName, findDefinition } from "./definition.ts";

/** What the gateway looked up before it asks. */
export type JudgeContext = {
  /** All definitions of the organisation. */
  readonly definitions: readonly Definition[];
  /** Under which a plain `[secure]` falls, and a thread whose own definition is gone. */
  readonly defaultDefinition: Definition;
  /** The definition of the secured thread that In-Reply-To or References lead to. */
  readonly thread: DefinitionName | null;
};

/** Why; fit for the log, without content of the mail. */
export type Reason =
  | { kind: "tag" }
  | { kind: "thread" }
  | { kind: "bad-tag" }
  | { kind: "unscannable"; problem: Problem };

/** The sender knows what he wrote: its beginning is enough. */
const QUOTED_LENGTH = 40;
const LISTED_LENGTH = 300;

/** What to do with a mail. Every reader handles every kind. */
export type Verdict =
  | { kind: "relay" }
  | { kind: "secure"; definition: Definition; terms: Terms; subject: string; because: Reason }
  | { kind: "hold"; because: Reason }
  | { kind: "refuse"; because: Reason; tellSender: string };

/**
 * Returns the verdict. A tag that cannot be understood outranks everything, so that a typing error never
 * sends a mail unprotected; then the thread, which the tag may only tighten; then the tag alone.
 */
export function judge(mail: Mail, context: JudgeContext): Verdict {
  const names = context.definitions.map((definition) => definition.name);
  const tag = parseTag(mail.subject, mail.trigger, names);
  switch (tag.kind) {
    case "unknown":
    case "unclosed":
    case "conflict":
      return { kind: "refuse", because: { kind: "bad-tag" }, tellSender: badTagSentence(tag) };
    case "secure":
      return secure(tag.subject, tag.options, context);
    case "none":
      return context.thread === null ? relayIfReadable(mail) : secure(withoutTag(mail.subject), {}, context);
  }
}

function secure(subject: string, options: TagOptions, context: JudgeContext): Verdict {
  const named = options.definition === undefined ? undefined : byName(options.definition, context);
  if (context.thread === null) {
    const definition = named ?? context.defaultDefinition;
    const terms = applyTag(definition, options, named === undefined ? "chosen" : "bounded");
    return { kind: "secure", definition, terms, subject, because: { kind: "tag" } };
  }
  const definition = byName(context.thread, context);
  const terms = applyTag(named === undefined ? definition : stricter(definition, named), options, "bounded");
  return { kind: "secure", definition, terms, subject, because: { kind: "thread" } };
}

function byName(name: DefinitionName, context: JudgeContext): Definition {
  return findDefinition(context.definitions, name) ?? context.defaultDefinition;
}

function stricter(one: Terms, other: Terms): Terms {
  return {
    controls: stricterControls(one.controls, other.controls),
    expiresAfterMs: smaller(one.expiresAfterMs, other.expiresAfterMs),
  };
}

/** A mail whose end nobody saw is not known to be without a secret. [Note: Unscannable is never silently passed] */
function relayIfReadable(mail: Mail): Verdict {
  const problem = mail.problems.find(isUnbounded);
  if (problem === undefined) return { kind: "relay" };
  const tellSender = `This mail cannot be examined: ${problem.detail} Send its contents as one archive file, or in several mails.`;
  return { kind: "refuse", because: { kind: "unscannable", problem }, tellSender };
}

function isUnbounded(problem: Problem): boolean {
  return (
    problem.kind === "too-many-headers" || problem.kind === "too-many-parts" || problem.kind === "too-deep"
  );
}

function badTagSentence(tag: Exclude<Tag, { kind: "none" | "secure" }>): string {
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
