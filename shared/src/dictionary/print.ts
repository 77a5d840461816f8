/**
 * Writing dictionaries: what `syntax.ts` reads back to the same lines.
 */
import type { Line } from "./line.ts";
import type { Entry } from "./syntax.ts";

/** One line, always with quotes. */
export function printLine(line: Line): string {
  const { weight, maxScore, role, pattern, comment } = line;
  const words = [maxScore === null ? `${weight}` : `${weight}:${maxScore}`];
  if (role !== "counted") words.push(role);
  if (pattern.kind === "expression") words.push(["regex", ...pattern.validators].join(","));
  words.push(pattern.kind === "expression" ? quoteExpression(pattern.source) : quotePhrase(pattern.text));
  if (comment !== null) words.push(`# ${comment}`.trim());
  return words.join(" ");
}

/** A whole file, comments and blank lines kept. */
export function printDictionary(entries: readonly Entry[]): string {
  return entries.map((entry) => `${printEntry(entry)}\n`).join("");
}

function printEntry(entry: Entry): string {
  switch (entry.kind) {
    case "line":
      return printLine(entry.line);
    case "comment":
      return `# ${entry.text}`.trim();
    case "blank":
      return "";
  }
}

function quotePhrase(text: string): string {
  return `"${text.replace(/["\\]/gu, "\\$&")}"`;
}

/** A quote that no backslash stands before gets one, which means the same in an expression. */
function quoteExpression(source: string): string {
  return `"${source.replace(/\\.|"/gsu, (found) => (found === '"' ? '\\"' : found))}"`;
}
