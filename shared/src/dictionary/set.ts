/**
 * All dictionaries together, made ready so that one pass over a text serves them all.
 */
import type { CompiledLine, Dictionary } from "./dictionary.ts";
import { compileExpressions, type ExpressionSet } from "./expressions.ts";
import type { Line, Role } from "./line.ts";
import { compilePhrases, type PhraseSet } from "./phrases.ts";

/** A line by its dictionary; its place in the list is its slot. */
export type Slot = { readonly dictionary: number; readonly line: Line };

/** Slots whose finding or not finding decides about all others of the dictionary. */
export type Conditions = { readonly required: readonly number[]; readonly exclude: readonly number[] };

export type DictionarySet = {
  readonly names: readonly string[];
  /** One for each name. */
  readonly conditions: readonly Conditions[];
  readonly slots: readonly Slot[];
  readonly phrases: PhraseSet;
  /** Slot of each phrase, by its place in the phrase set. */
  readonly phraseSlots: readonly number[];
  readonly expressions: ExpressionSet;
  readonly expressionSlots: readonly number[];
};

/** Compiles. Ten thousand phrases take some tens of milliseconds, so it is done when dictionaries change. */
export function compileSet(dictionaries: readonly Dictionary[]): DictionarySet {
  const lines = dictionaries.flatMap((dictionary, index) =>
    dictionary.lines.map((compiled) => ({ compiled, dictionary: index })),
  );
  const phrases = lines.flatMap(({ compiled }, slot) => phraseOf(compiled, slot));
  const expressions = lines.flatMap(({ compiled }, slot) =>
    compiled.expression === null ? [] : [{ slot, expression: compiled.expression }],
  );
  const slotsOf = (role: Role, index: number) =>
    lines.flatMap(({ compiled, dictionary }, slot) =>
      dictionary === index && compiled.line.role === role ? [slot] : [],
    );
  return {
    names: dictionaries.map(({ name }) => name),
    conditions: dictionaries.map((_, index) => ({
      required: slotsOf("required", index),
      exclude: slotsOf("exclude", index),
    })),
    slots: lines.map(({ compiled, dictionary }) => ({ dictionary, line: compiled.line })),
    phrases: compilePhrases(phrases.map(({ text }) => text)),
    phraseSlots: phrases.map(({ slot }) => slot),
    expressions: compileExpressions(expressions.map(({ expression }) => expression)),
    expressionSlots: expressions.map(({ slot }) => slot),
  };
}

function phraseOf({ line: { pattern } }: CompiledLine, slot: number): { slot: number; text: string }[] {
  return pattern.kind === "phrase" ? [{ slot, text: pattern.text }] : [];
}
