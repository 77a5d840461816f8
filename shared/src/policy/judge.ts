/**
 * Judging: what one mail deserves.
 *
 * Pure. The gateway acts on the verdict; the explain tool prints it. It decides from the ruling of the policies, the thread that
 * the mail answers, the sender's own marks, and whether the mail could be read at all.
 */
import type { Mail, Problem } from "../mail.ts";
import { applyTag, type Terms } from "../tag/apply.ts";
import type { TagOptions } from "../tag/option.ts";
import { parseTag, withoutTag } from "../tag/tag.ts";
import { smaller, stricterControls } from "./controls.ts";
import { type Definition, type DefinitionName, findDefinition } from "./definition.ts";
import { type Mark, ownMark } from "./mark.ts";
import type { Applied, Ruling } from "./rule.ts";
import { badTagSentence, refusalSentence } from "./sentence.ts";

/** What the gateway looked up before it asks. */
export type JudgeContext = {
  /** All definitions of the organisation. */
  readonly definitions: readonly Definition[];
  /** Under which a plain `[secure]` falls, and a thread whose own definition is gone. */
  readonly defaultDefinition: Definition;
  /** Under which a mail falls that Outlook marked Company-Confidential; null where that mark means nothing. */
  readonly confidentialDefinition: Definition | null;
  /** The definition of the secured thread that In-Reply-To or References lead to. */
  readonly thread: DefinitionName | null;
  readonly ruling: Pick<Ruling, "decided" | "afterReview" | "unseen">;
};

/** Why; fit for the log, without content of the mail. */
export type Reason =
  | { kind: "policy"; policy: string; component: string | null; score: number | null }
  | { kind: "tag" }
  | { kind: "thread" }
  | { kind: "label" }
  | { kind: "confidential" }
  | { kind: "bad-tag" }
  | { kind: "unscannable"; problem: Problem };

/** What to do with a mail. Every reader handles every kind. */
export type Verdict =
  | { kind: "relay"; because: Reason | null }
  | { kind: "secure"; definition: Definition; terms: Terms; subject: string; because: Reason }
  /** `release` is the definition under which the policies secure what reviewers release; null where they do not. */
  | { kind: "hold"; because: Reason; reviewers: readonly string[]; release: DefinitionName | null }
  | { kind: "refuse"; because: Reason; tellSender: string };

/**
 * Returns the verdict. A tag that cannot be understood outranks everything, so that a typing error never sends a mail
 * unprotected; then what the policies decided. Whatever secures a mail counts, and the strictest of it: a policy, the thread,
 * a mark, the tag. So a tag or a thread secures what a policy would relay, and loosens nothing.
 * [Note: The tag only tightens what a rule decided]
 */
export function judge(mail: Mail, context: JudgeContext): Verdict {
  const names = context.definitions.map((definition) => definition.name);
  const tag = parseTag(mail.subject, mail.trigger, names);
  if (tag.kind !== "secure" && tag.kind !== "none") {
    return { kind: "refuse", because: { kind: "bad-tag" }, tellSender: badTagSentence(tag) };
  }
  const { decided, afterReview } = context.ruling;
  if (decided?.policy.action.kind === "refuse") {
    return { kind: "refuse", because: reasonOf(decided), tellSender: refusalSentence(decided) };
  }
  if (decided?.policy.action.kind === "hold") {
    const { reviewers, definition } = decided.policy.action;
    const release = definition ?? securing(afterReview, context)?.name ?? null;
    return { kind: "hold", because: reasonOf(decided), reviewers, release };
  }
  if (tag.kind === "secure") return weigh(mail, context, { subject: tag.subject, options: tag.options });
  return weigh(mail, context, { subject: withoutTag(mail.subject), options: null });
}

/** Judges what reviewers released: `release` is what was kept with the held mail. */
export function judgeReleased(
  mail: Mail,
  context: Omit<JudgeContext, "ruling">,
  { policy, release }: { readonly policy: string; readonly release: DefinitionName | null },
): Extract<Verdict, { kind: "relay" | "secure" }> {
  const names = context.definitions.map((definition) => definition.name);
  const tag = parseTag(mail.subject, mail.trigger, names);
  const options = tag.kind === "secure" ? tag.options : null;
  const subject = tag.kind === "secure" ? tag.subject : withoutTag(mail.subject);
  const because: Reason = { kind: "policy", policy, component: null, score: null };
  const first = release === null ? [] : [{ definition: byName(release, context), because }];
  const grounds = [...first, ...ownGrounds(mail, context, options)];
  return secureBy(grounds, context, { subject, options }) ?? { kind: "relay", because };
}

/** The sender's wish: options of the tag, null without a tag; the subject without it. */
type Wish = { readonly subject: string; readonly options: TagOptions | null };

/** Something that secures a mail, and under which definition. */
type Ground = { readonly definition: Definition; readonly because: Reason };

function weigh(mail: Mail, context: JudgeContext, wish: Wish): Verdict {
  const { decided } = context.ruling;
  const definition = securing(decided, context);
  const ruled = decided !== null && definition !== null ? [{ definition, because: reasonOf(decided) }] : [];
  const secured = secureBy([...ruled, ...ownGrounds(mail, context, wish.options)], context, wish);
  if (secured !== null) return secured;
  return decided === null
    ? relayIfReadable(mail, context.ruling)
    : { kind: "relay", because: reasonOf(decided) };
}

function secureBy(
  grounds: readonly Ground[],
  { defaultDefinition }: Pick<JudgeContext, "defaultDefinition">,
  { subject, options }: Wish,
): Extract<Verdict, { kind: "secure" }> | null {
  const [first] = grounds;
  if (first === undefined) {
    if (options === null) return null;
    const terms = applyTag(defaultDefinition, options, "chosen");
    return { kind: "secure", definition: defaultDefinition, terms, subject, because: { kind: "tag" } };
  }
  const definition = {
    ...first.definition,
    sealsForEverybody: grounds.some((ground) => ground.definition.sealsForEverybody),
    tellsSender: grounds.some((ground) => ground.definition.tellsSender),
  };
  const strictest = grounds.map((ground): Terms => ground.definition).reduce(stricter);
  const terms = applyTag(strictest, options ?? {}, "bounded");
  return { kind: "secure", definition, terms, subject, because: first.because };
}

/** What secures a mail without a policy: its thread, the definition that its tag names, a mark of its sender. */
function ownGrounds(mail: Mail, context: Omit<JudgeContext, "ruling">, tag: TagOptions | null): Ground[] {
  const mark = ownMark(mail, context);
  const thread = context.thread === null ? [] : [ground(byName(context.thread, context), "thread")];
  const named = tag?.definition === undefined ? [] : [ground(byName(tag.definition, context), "tag")];
  const marked = mark === null ? [] : [ground(mark.definition, mark.kind)];
  return [...thread, ...named, ...marked];
}

function ground(definition: Definition, kind: "thread" | "tag" | Mark["kind"]): Ground {
  return { definition, because: { kind } };
}

/** The definition under which a policy secures; null where it does not. */
function securing(applied: Applied | null, context: Omit<JudgeContext, "ruling">): Definition | null {
  if (applied?.policy.action.kind !== "secure") return null;
  const { definition } = applied.policy.action;
  return definition === null ? context.defaultDefinition : byName(definition, context);
}

function reasonOf({ policy, component, score }: Applied): Reason {
  return { kind: "policy", policy: policy.name, component, score };
}

function byName(
  name: DefinitionName,
  { definitions, defaultDefinition }: Pick<JudgeContext, "definitions" | "defaultDefinition">,
): Definition {
  return findDefinition(definitions, name) ?? defaultDefinition;
}

function stricter(one: Terms, other: Terms): Terms {
  return {
    controls: stricterControls(one.controls, other.controls),
    expiresAfterMs: smaller(one.expiresAfterMs, other.expiresAfterMs),
  };
}

const brokenOff: Problem = {
  kind: "half-read",
  detail: "Reading it takes more time or memory than is allowed.",
};

/** A mail whose end nobody saw is not known to be without a secret. [Note: Unscannable is never silently passed] */
function relayIfReadable(mail: Mail, { unseen }: Pick<Ruling, "unseen">): Verdict {
  const problem = mail.problems.find(isUnbounded) ?? (unseen ? brokenOff : undefined);
  if (problem === undefined) return { kind: "relay", because: null };
  const tellSender = `This mail cannot be examined: ${problem.detail} Send its contents as one archive file, or in several mails.`;
  return { kind: "refuse", because: { kind: "unscannable", problem }, tellSender };
}

function isUnbounded(problem: Problem): boolean {
  return (
    problem.kind === "too-many-headers" || problem.kind === "too-many-parts" || problem.kind === "too-deep"
  );
}
