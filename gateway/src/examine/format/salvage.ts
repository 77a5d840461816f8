/**
 * Runs of characters out of a binary file: all that is read of Word, Excel, PowerPoint before 2007 and of
 * Outlook's .msg. Not the whole truth, so whoever uses it notes "half-scanned".
 */

const RUN_MIN = 5;
/** Printable Windows-1252 (letters with accents included), and the same in UTF-16. */
const NARROW = new RegExp(`[\\t\\x20-\\x7e\\xa0-\\xff\\x80-\\x9f]{${RUN_MIN},}`, "gu");
const WIDE = new RegExp(`(?:[\\t\\x20-\\x7e\\xa0-\\xff]\\0){${RUN_MIN},}`, "gu");

/** Text runs, a line each: first those of one byte a character, then those of two. */
export function salvageText(bytes: Buffer, lengthMax: number): string {
  const source = bytes.toString("latin1", 0, lengthMax);
  const narrow = source.match(NARROW) ?? [];
  const wide = (source.match(WIDE) ?? []).map((run) => run.replaceAll("\0", ""));
  return [...narrow, ...wide].filter((run) => /[\p{L}\p{N}]{3}/u.test(run)).join("\n");
}
