/**
 * Counting what one line found in one component.
 */

import { MATCHES_KEPT } from "./limits.ts";
import type { Line } from "./line.ts";
import { masked } from "./mask.ts";
import { bare } from "./validators/digits.ts";
import { passes } from "./validators/validators.ts";

/** Where a match stands, in UTF-16 units of the component's text, and how it may be shown. */
export type Match = { readonly start: number; readonly end: number; readonly masked: string };

export type Tally = {
  /** Occurrences of a phrase. */
  count: number;
  /** Different texts that an expression matched, without separators. */
  readonly values: Set<string>;
  readonly matches: Match[];
  lastEnd: number;
};

export function makeTally(): Tally {
  return { count: 0, values: new Set(), matches: [], lastEnd: 0 };
}

/** More matches than this change nothing in the score. */
export function matchesNeeded(line: Line): number {
  if (line.maxScore === null || line.weight === 0) return 1;
  return Math.max(1, Math.ceil(line.maxScore / line.weight));
}

/** Counts an occurrence of a phrase, unless it overlaps with the one before. */
export function countPhrase(tally: Tally, text: string, start: number, end: number): void {
  if (start < tally.lastEnd) return;
  tally.lastEnd = end;
  tally.count++;
  keep(tally, text, start, end);
}

/** Counts a match of an expression if its validators accept it and its text is new. */
export function countExpression(
  tally: Tally,
  line: Line,
  text: string,
  found: { start: number; end: number; value: string },
): void {
  if (line.pattern.kind !== "expression" || !passes(line.pattern.validators, found.value)) return;
  const value = bare(found.value);
  if (!tally.values.has(value)) {
    tally.values.add(value);
    tally.count++;
  }
  keep(tally, text, found.start, found.end);
}

function keep(tally: Tally, text: string, start: number, end: number): void {
  if (tally.matches.length < MATCHES_KEPT)
    tally.matches.push({ start, end, masked: masked(text.slice(start, end)) });
}
