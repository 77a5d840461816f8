/**
 * Regular expressions on an engine without backtracking (RE2's, in JavaScript): all at once, in one pass.
 *
 * The set says which expressions hit a piece of text; only those are run again, for the places. Expressions
 * with very many states run apart, so that they slow themselves alone. See docs/decisions/0009-examination.md.
 */
import { RE2JS, RE2JSException, RE2Set } from "re2js";
import {
  EXPRESSION_SIZE_MAX,
  EXPRESSION_SIZE_WIDE,
  LOCATE_MS_MAX,
  MATCH_LENGTH_MAX,
  SEGMENT_LENGTH,
} from "./limits.ts";

export type ReadExpression =
  | { readonly kind: "read"; readonly expression: RE2JS }
  | { readonly kind: "wrong"; readonly sentence: string };

type Group = { readonly set: RE2Set; readonly members: readonly number[] };

export type ExpressionSet = { readonly groups: readonly Group[]; readonly expressions: readonly RE2JS[] };

/** Takes a match and answers whether more of this expression are wanted. */
export type FoundExpression = (expression: number, start: number, end: number, value: string) => boolean;

export type Clock = { readonly now: () => number; readonly deadline: number };

/** Constructs of other engines, each with what to write instead. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [
    /\(\?<?[=!]/u,
    "Look-ahead and look-behind are not supported. Put what counts in a group named value, (?<value>…), and the rest around it.",
  ],
  [/\\[1-9]|\\k[<{']/u, "Back-references such as \\1 are not supported. Write the text out."],
  [
    /\(\?>|[*+?}]\+/u,
    "Possessive and atomic groups are not supported, nor needed: take the extra + or > away.",
  ],
  [/\\[hHRKGXZ]/u, "\\h, \\H, \\R, \\K, \\G, \\X and \\Z are not supported. Use [ \\t], \\n or \\z."],
  [/\(\?[#(|R&]/u, "Conditions, comments and recursion inside an expression are not supported."],
];

const VALUE_GROUP = "value";

/** Texts on which a useful expression finds nothing empty. */
const EMPTINESS_PROBES = ["", "a", "1", " ", "a 1"];

/** Compiles one expression, or says how to mend it. */
export function readExpression(source: string): ReadExpression {
  const compiled = compile(source);
  if (typeof compiled === "string") return { kind: "wrong", sentence: compiled };
  if (compiled.programSize() > EXPRESSION_SIZE_MAX) {
    const sentence = `The expression is too large (${compiled.programSize()} steps, at most ${EXPRESSION_SIZE_MAX}). Use smaller counts in braces.`;
    return { kind: "wrong", sentence };
  }
  if (EMPTINESS_PROBES.some((probe) => matchesNothing(compiled, probe)))
    return { kind: "wrong", sentence: "The expression matches empty text. Ask for at least one character." };
  return { kind: "read", expression: compiled };
}

function compile(source: string): RE2JS | string {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    if (error.message.includes("repeat count"))
      return "The counts in braces are too large, or too large together. Use smaller ones.";
    const foreign = FOREIGN.find(([construct]) => construct.test(source));
    return (
      foreign?.[1] ?? `The expression cannot be read: ${error.message.replace("error parsing regexp: ", "")}.`
    );
  }
}

function matchesNothing(expression: RE2JS, probe: string): boolean {
  const matcher = expression.matcher(probe);
  return matcher.find() && matcher.start() === matcher.end();
}

/** Makes one set of all expressions; an expression is known by its place in the list. */
export function compileExpressions(expressions: readonly RE2JS[]): ExpressionSet {
  const indices = expressions.map((_, index) => index);
  const isWide = (index: number) => (expressions[index]?.programSize() ?? 0) > EXPRESSION_SIZE_WIDE;
  const narrow = indices.filter((index) => !isWide(index));
  const groups = [narrow, ...indices.filter(isWide).map((index) => [index])];
  return {
    groups: groups.filter((members) => members.length > 0).map((members) => makeGroup(members, expressions)),
    expressions,
  };
}

function makeGroup(members: readonly number[], expressions: readonly RE2JS[]): Group {
  const set = new RE2Set();
  for (const index of members) set.add(expressions[index]?.pattern() ?? "");
  set.compile();
  return { set, members };
}

/**
 * Calls `found` for the matches, piece by piece. A match is found for certain up to `MATCH_LENGTH_MAX`
 * characters. Returns false when time ran out before the end.
 */
export function findExpressions(
  set: ExpressionSet,
  text: string,
  clock: Clock,
  found: FoundExpression,
): boolean {
  const searches = new Map<number, Search>();
  for (let from = 0; from < text.length; from += SEGMENT_LENGTH) {
    const piece = { from, to: Math.min(from + SEGMENT_LENGTH, text.length) };
    const seen = text.slice(from, piece.to + MATCH_LENGTH_MAX);
    for (const { set: group, members } of set.groups) {
      if (clock.now() > clock.deadline) return false;
      for (const hit of group.match(seen)) {
        const index = members[hit] ?? -1;
        const expression = set.expressions[index];
        if (expression === undefined) continue;
        const search = searches.get(index) ?? { index, expression, resumeAt: 0, spentMs: 0, state: "going" };
        searches.set(index, search);
        locate(search, text, piece, clock, found);
      }
    }
  }
  return ![...searches.values()].some((search) => search.state === "out-of-time");
}

type Search = {
  index: number;
  expression: RE2JS;
  /** The end of the last match: matches do not overlap. */
  resumeAt: number;
  spentMs: number;
  state: "going" | "enough" | "out-of-time";
};

/** The places in one piece. The character before it is given too, for `\b` and `^`. */
function locate(
  search: Search,
  text: string,
  piece: { from: number; to: number },
  clock: Clock,
  found: FoundExpression,
): void {
  const offset = Math.max(0, piece.from - 1);
  const matcher = search.expression.matcher(text.slice(offset, piece.to + MATCH_LENGTH_MAX));
  let at = Math.max(piece.from, search.resumeAt) - offset;
  let before = clock.now();
  while (search.state === "going" && at <= piece.to - offset && matcher.find(at)) {
    const [start, end] = [matcher.start() + offset, matcher.end() + offset];
    if (start >= piece.to) break;
    if (end > start && !found(search.index, start, end, matchedValue(matcher, search.expression)))
      search.state = "enough";
    search.resumeAt = Math.max(end, start + 1);
    at = search.resumeAt - offset;
    const now = clock.now();
    search.spentMs += now - before;
    before = now;
    if (search.spentMs > LOCATE_MS_MAX && search.state === "going") search.state = "out-of-time";
  }
}

/** What is compared and validated: the group named `value`, for context around a number, or the whole match. */
function matchedValue(matcher: ReturnType<RE2JS["matcher"]>, expression: RE2JS): string {
  const named = Object.hasOwn(expression.namedGroups(), VALUE_GROUP) ? matcher.group(VALUE_GROUP) : null;
  return named ?? matcher.group() ?? "";
}
