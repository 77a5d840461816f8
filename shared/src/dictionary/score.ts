/**
 * From what was found to a score.
 *
 * A line counts its weight once in a component. With a largest score, every occurrence of a phrase and every
 * different text of an expression adds the weight, up to it. If a required line found nothing, or an excluded
 * one found something, the whole dictionary scores nothing there; where scores are summed, "there" is the
 * whole mail. [Note: Exclude is for harmless mail, not for harmless words]
 */
import type { Line } from "./line.ts";
import type { DictionarySet } from "./set.ts";
import type { Match, Tally } from "./tally.ts";

/** What a line contributed. */
export type Hit = {
  readonly line: number;
  readonly score: number;
  readonly count: number;
  readonly matches: readonly (Match & { readonly component: number })[];
};

export type Score = {
  readonly score: number;
  readonly because: "counted" | "nothing" | "excluded" | "required-missing";
  /** The number of the line that withheld the score. */
  readonly withheldBy: number | null;
  /** All lines that found something, in order, those included whose score was withheld. */
  readonly hits: readonly Hit[];
};

/** What each slot found in one component. */
export type Tallies = ReadonlyMap<number, Tally>;

type Found = readonly { readonly component: number; readonly found: Tallies }[];

/** Scores one dictionary over the given components; several are summed. Costs what was found, not what was sought. */
export function score(set: DictionarySet, dictionary: number, tallies: Found): Score {
  const slots = [...new Set(tallies.flatMap(({ found }) => [...found.keys()]))]
    .filter((slot) => set.slots[slot]?.dictionary === dictionary)
    .sort((one, other) => one - other);
  const hitsBySlot = new Map(slots.flatMap((slot) => hitOf(set, slot, tallies)));
  const hits = [...hitsBySlot.values()];
  const { exclude, required } = set.conditions[dictionary] ?? { exclude: [], required: [] };
  const excluding = exclude.find((slot) => hitsBySlot.has(slot));
  if (excluding !== undefined) return withheld("excluded", set.slots[excluding]?.line, hits);
  const missing = required.find((slot) => !hitsBySlot.has(slot));
  if (missing !== undefined) return withheld("required-missing", set.slots[missing]?.line, hits);
  const sum = hits.reduce((total, hit) => total + hit.score, 0);
  return { score: sum, because: hits.length === 0 ? "nothing" : "counted", withheldBy: null, hits };
}

function withheld(
  because: "excluded" | "required-missing",
  line: Line | undefined,
  hits: readonly Hit[],
): Score {
  return { score: 0, because, withheldBy: line?.number ?? null, hits };
}

function hitOf(set: DictionarySet, slot: number, tallies: Found): [number, Hit][] {
  const line = set.slots[slot]?.line;
  const found = tallies.flatMap(({ component, found: slots }) => {
    const tally = slots.get(slot);
    return tally === undefined || tally.count === 0 ? [] : [{ component, tally }];
  });
  if (line === undefined || found.length === 0) return [];
  const count = line.pattern.kind === "phrase" ? sumOf(found) : differentValues(found);
  const score =
    line.maxScore === null ? line.weight * found.length : Math.min(line.weight * count, line.maxScore);
  const matches = found.flatMap(({ component, tally }) =>
    tally.matches.map((match) => ({ ...match, component })),
  );
  return [[slot, { line: line.number, score, count, matches }]];
}

function sumOf(found: readonly { tally: Tally }[]): number {
  return found.reduce((sum, { tally }) => sum + tally.count, 0);
}

function differentValues(found: readonly { tally: Tally }[]): number {
  return new Set(found.flatMap(({ tally }) => [...tally.values])).size;
}
