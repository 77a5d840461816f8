/**
 * Reading dictionaries as administrators write them, one line after the other:
 *
 *     weight[:maxscore] [required|exclude] [regex[,validator…]] "text"   # comment
 *
 * `weight` is a whole number from 0. `maxscore` bounds what all matches of the line are worth together;
 * without it the line counts once. Quotes may be left away: then the text goes to the end of the line. In
 * quotes, `\"` is a quote; a phrase knows `\\` too, an expression is taken as written. Curly quotes, as word
 * processors make them, are quotes. `perlregex` and `javaregex` are read as `regex`. Keywords in any case.
 *
 *     4 "company confidential"             10:40 regex,cardnumber "\b\d{13,19}\b"
 *     1 required "project x"               0 exclude "tax exemption"
 */

import { LINE_LENGTH_MAX, LINES_MAX, WEIGHT_MAX } from "./limits.ts";
import type { Line, LineError, Pattern, Role } from "./line.ts";
import {
  isValidatorName,
  VALIDATOR_ALIASES,
  VALIDATOR_NAMES,
  type ValidatorName,
} from "./validators/validators.ts";

export type Entry =
  | { readonly kind: "line"; readonly line: Line }
  | { readonly kind: "comment"; readonly text: string }
  | { readonly kind: "blank" };

export type ReadLine = Entry | { readonly kind: "wrong"; readonly error: LineError };

export type ReadEntries =
  | { readonly kind: "read"; readonly entries: readonly Entry[] }
  | { readonly kind: "wrong"; readonly errors: readonly LineError[] };

type Keywords = { role: Role; expression: boolean; validators: ValidatorName[]; rest: string };

const EXAMPLE = 'Write for example: 5 "company confidential"';
const EXPRESSION_WORDS = new Set(["regex", "perlregex", "javaregex"]);
const CLOSING_QUOTE: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\u201c", "\u201d"],
  ["\u201d", "\u201d"],
  ["\u201e", "\u201c"],
]);

/** Thrown and caught inside this file only: the sentence of the first thing that is wrong with a line. */
class Wrong extends Error {}

/** Reads a whole file. All wrong lines are named at once. */
export function parseDictionary(text: string): ReadEntries {
  const sources = text.replace(/^\uFEFF/u, "").split(/\r\n|\r|\n/u);
  if (sources.at(-1) === "") sources.pop();
  if (sources.length > LINES_MAX) {
    const sentence = `The dictionary has ${sources.length} lines, more than ${LINES_MAX}. Split it into several.`;
    return { kind: "wrong", errors: [{ number: LINES_MAX + 1, sentence }] };
  }
  const read = sources.map((source, index) => parseLine(source, index + 1));
  const errors = read.flatMap((entry) => (entry.kind === "wrong" ? [entry.error] : []));
  if (errors.length > 0) return { kind: "wrong", errors };
  return { kind: "read", entries: read.filter((entry) => entry.kind !== "wrong") };
}

/** Reads one line; `number` is named in its error. */
export function parseLine(source: string, number: number): ReadLine {
  const trimmed = source.trim();
  if (trimmed === "") return { kind: "blank" };
  if (trimmed.startsWith("#")) return { kind: "comment", text: trimmed.slice(1).trim() };
  try {
    return { kind: "line", line: readLine(trimmed, number) };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { kind: "wrong", error: { number, sentence: error.message } };
  }
}

function readLine(source: string, number: number): Line {
  if (source.length > LINE_LENGTH_MAX)
    throw new Wrong(
      `The line has ${source.length} characters, more than ${LINE_LENGTH_MAX}. Shorten it or split it.`,
    );
  const scores = /^(-?\d+)(?:\s*:\s*(-?\d+))?(?=\s|["\u201c-\u201e])\s*/u.exec(source);
  if (scores === null) throw new Wrong(`The line does not start with a weight. ${EXAMPLE}`);
  const weight = readScore(scores[1] ?? "", "weight");
  const maxScore = scores[2] === undefined ? null : readScore(scores[2], "largest score");
  const { role, expression, validators, rest } = readKeywords(source.slice(scores[0].length));
  const { text, comment } = readText(rest, expression);
  const pattern: Pattern = expression
    ? { kind: "expression", source: text, validators }
    : { kind: "phrase", text };
  return { number, weight, maxScore, role, pattern, comment };
}

function readScore(digits: string, what: string): number {
  const value = Number(digits);
  if (value < 0 || value > WEIGHT_MAX)
    throw new Wrong(`The ${what} is ${digits}. It must be a whole number from 0 to ${WEIGHT_MAX}.`);
  return value;
}

function readKeywords(source: string): Keywords {
  const found: Keywords = { role: "counted", expression: false, validators: [], rest: source };
  for (;;) {
    const word = /^([A-Za-z]+)((?:\s*,\s*[A-Za-z0-9-]+)*)(?=\s|["\u201c-\u201e])\s*/u.exec(found.rest);
    const name = word?.[1]?.toLowerCase() ?? "";
    if (word === null) return found;
    if (EXPRESSION_WORDS.has(name)) {
      if (found.expression) throw new Wrong('"regex" stands twice. Write it once.');
      found.expression = true;
      found.validators = readValidators(word[2] ?? "");
    } else if (name === "required" || name === "exclude") {
      if (found.role !== "counted") throw new Wrong('Write either "required" or "exclude", once.');
      found.role = name;
    } else if (name === "hash") {
      throw new Wrong("Fingerprints of files (hash) are not examined. Take the line out.");
    } else return found;
    found.rest = found.rest.slice(word[0].length);
  }
}

function readValidators(list: string): ValidatorName[] {
  const names = list.split(",").map((name) => name.trim().toLowerCase());
  return names
    .filter((name) => name !== "")
    .map((name) => {
      const known = VALIDATOR_ALIASES.get(name) ?? name;
      if (isValidatorName(known)) return known;
      throw new Wrong(`There is no validator "${name}". Known validators: ${VALIDATOR_NAMES.join(", ")}.`);
    });
}

function readText(source: string, expression: boolean): { text: string; comment: string | null } {
  const opening = source[0] ?? "";
  const closing = CLOSING_QUOTE.get(opening);
  const read = closing === undefined ? readBare(source, expression) : readQuoted(source, closing, expression);
  if (read.text.trim() === "") throw new Wrong(`The line has no text to look for. ${EXAMPLE}`);
  return read;
}

function readBare(source: string, expression: boolean): { text: string; comment: string | null } {
  const hash = /\s#/u.exec(source);
  if (hash === null) return { text: source, comment: null };
  if (expression)
    throw new Wrong(
      'It is not clear whether " #" belongs to the expression. Put the expression in double quotes.',
    );
  return { text: source.slice(0, hash.index), comment: source.slice(hash.index + 2).trim() };
}

function readQuoted(source: string, closing: string, expression: boolean) {
  const end = closingQuote(source, closing);
  if (end === -1) throw new Wrong("The text has no closing quote. Put a double quote at its end.");
  const after = source.slice(end + 1).trim();
  if (after !== "" && !after.startsWith("#"))
    throw new Wrong(
      'After the closing quote only a # comment may follow. Write a quote inside the text as \\".',
    );
  const inner = source.slice(1, end);
  const text = expression ? inner : inner.replace(/\\(["\\])/gu, "$1");
  return { text, comment: after === "" ? null : after.slice(1).trim() };
}

function closingQuote(source: string, closing: string): number {
  for (let at = 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === closing || (closing !== '"' && source[at] === '"')) return at;
  }
  return -1;
}
