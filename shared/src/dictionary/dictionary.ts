/**
 * A dictionary: a name and lines of which every one can be searched for.
 */
import type { RE2JS } from "re2js";
import { readExpression } from "./expressions.ts";
import { EXPRESSIONS_MAX, LINES_MAX } from "./limits.ts";
import type { Line, LineError } from "./line.ts";
import { PHRASE_WORDS_MAX, phraseWords } from "./phrases.ts";
import { parseDictionary, parseLine } from "./syntax.ts";

/** A line, and its expression where it is one. */
export type CompiledLine = { readonly line: Line; readonly expression: RE2JS | null };

export type Dictionary = { readonly name: string; readonly lines: readonly CompiledLine[] };

export type ReadDictionary =
  | { readonly kind: "read"; readonly dictionary: Dictionary }
  | { readonly kind: "wrong"; readonly errors: readonly LineError[] };

/** Reads a dictionary from a text file. Names everything that is wrong at once. */
export function readDictionary(name: string, text: string): ReadDictionary {
  const read = parseDictionary(text);
  if (read.kind === "wrong") return read;
  return compileLines(
    name,
    read.entries.flatMap((entry) => (entry.kind === "line" ? [entry.line] : [])),
  );
}

/** The same from rows that each hold one line; `number` is what an error names. */
export function readLines(name: string, rows: readonly { number: number; source: string }[]): ReadDictionary {
  if (rows.length > LINES_MAX) return tooMany(rows.length, LINES_MAX, "lines");
  const read = rows.map((row) => parseLine(row.source, row.number));
  const errors = read.flatMap((entry) => (entry.kind === "wrong" ? [entry.error] : []));
  if (errors.length > 0) return { kind: "wrong", errors };
  return compileLines(
    name,
    read.flatMap((entry) => (entry.kind === "line" ? [entry.line] : [])),
  );
}

function compileLines(name: string, lines: readonly Line[]): ReadDictionary {
  const expressions = lines.filter((line) => line.pattern.kind === "expression").length;
  if (expressions > EXPRESSIONS_MAX) return tooMany(expressions, EXPRESSIONS_MAX, "expressions");
  const compiled = lines.map((line) => ({ line, outcome: compileLine(line) }));
  const errors = compiled.flatMap(({ line, outcome }) =>
    typeof outcome === "string" ? [{ number: line.number, sentence: outcome }] : [],
  );
  if (errors.length > 0) return { kind: "wrong", errors };
  const searchable = compiled.map(({ line, outcome }) => ({
    line,
    expression: typeof outcome === "string" ? null : outcome,
  }));
  return { kind: "read", dictionary: { name, lines: searchable } };
}

/** The expression, null for a phrase, or the sentence that says what is wrong. */
function compileLine({ pattern }: Line): RE2JS | null | string {
  if (pattern.kind === "expression") {
    const read = readExpression(pattern.source);
    return read.kind === "read" ? read.expression : read.sentence;
  }
  const words = phraseWords(pattern.text).length;
  if (words === 0) return "The phrase has no visible character. Write at least one word.";
  return words > PHRASE_WORDS_MAX
    ? `The phrase has ${words} words, more than ${PHRASE_WORDS_MAX}. Shorten it.`
    : null;
}

function tooMany(count: number, most: number, what: string): ReadDictionary {
  const sentence = `The dictionary has ${count} ${what}, more than ${most}. Split it into several.`;
  return { kind: "wrong", errors: [{ number: 1, sentence }] };
}
