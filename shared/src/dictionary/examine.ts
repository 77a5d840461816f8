/**
 * Examination: what the dictionaries find in the components of one mail.
 *
 * Pure; the clock is given. One pass over the text for all phrases of all dictionaries, one for all
 * expressions. What is beyond a limit of length or time is not examined, and its component named as cut.
 */
import type { Component } from "./component.ts";
import { findExpressions } from "./expressions.ts";
import { COMPONENT_LENGTH_MAX, TEXT_LENGTH_MAX } from "./limits.ts";
import { findPhrases } from "./phrases.ts";
import { type Score, score, type Tallies } from "./score.ts";
import type { DictionarySet } from "./set.ts";
import { countExpression, countPhrase, makeTally, matchesNeeded, type Tally } from "./tally.ts";

/** A monotonic clock in milliseconds, and how long the expressions may take for the whole mail. */
export type Time = { readonly now: () => number; readonly limitMs: number };

export type DictionaryResult = {
  readonly name: string;
  /** One score for each component, in their order. */
  readonly components: readonly Score[];
  /** All components as one. */
  readonly summed: Score;
};

export type Examination = {
  readonly dictionaries: readonly DictionaryResult[];
  /** Components that were not read to their end, and why. */
  readonly cut: readonly { readonly component: number; readonly why: "length" | "time" }[];
};

/** Examines components whose text went through `seenText`. */
export function examine(components: readonly Component[], set: DictionarySet, time: Time): Examination {
  const clock = { now: time.now, deadline: time.now() + time.limitMs };
  const cut: { component: number; why: "length" | "time" }[] = [];
  let left = TEXT_LENGTH_MAX;
  const tallies = components.map(({ text }, component) => {
    const length = Math.min(text.length, COMPONENT_LENGTH_MAX, left);
    left -= length;
    const seen = length < text.length ? text.slice(0, length) : text;
    const { found, inTime } = tallyText(seen, set, clock);
    if (!inTime) cut.push({ component, why: "time" });
    else if (length < text.length) cut.push({ component, why: "length" });
    return { component, found };
  });
  const dictionaries = set.names.map((name, dictionary) => ({
    name,
    components: tallies.map((tally) => score(set, dictionary, [tally])),
    summed: score(set, dictionary, tallies),
  }));
  return { dictionaries, cut };
}

/** The component with the highest score, the first of equal ones; what a policy that scores each by itself compares. */
export function highest(result: DictionaryResult): { component: number; score: number } {
  return result.components.reduce(
    (best, { score: value }, component) => (value > best.score ? { component, score: value } : best),
    { component: 0, score: 0 },
  );
}

function tallyText(
  text: string,
  set: DictionarySet,
  clock: { now: () => number; deadline: number },
): { found: Tallies; inTime: boolean } {
  const found = new Map<number, Tally>();
  const tallyOf = (slot: number) => {
    const known = found.get(slot);
    if (known !== undefined) return known;
    const made = makeTally();
    found.set(slot, made);
    return made;
  };
  findPhrases(set.phrases, text, (phrase, start, end) => {
    countPhrase(tallyOf(set.phraseSlots[phrase] ?? -1), text, start, end);
  });
  const inTime = findExpressions(set.expressions, text, clock, (expression, start, end, value) => {
    const slot = set.expressionSlots[expression] ?? -1;
    const line = set.slots[slot]?.line;
    if (line === undefined) return false;
    const tally = tallyOf(slot);
    countExpression(tally, line, text, { start, end, value });
    return tally.values.size < matchesNeeded(line);
  });
  return { found, inTime };
}
