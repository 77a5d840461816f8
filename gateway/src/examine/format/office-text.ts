/**
 * The words of a document or slide: Office Open XML (ECMA-376) and OpenDocument (ISO/IEC 26300) alike.
 *
 * Deleted text that is still in the file, comments and notes are read too: they leave the house with it.
 */
import { readXml, xmlAttribute } from "./xml-text.ts";

/** Elements after which a new line begins. */
const LINES = new Set(["p", "h", "br", "cr", "line-break", "tr", "table-row", "list-item"]);
/** Elements that stand for a blank or end a cell. */
const BLANKS = new Set(["tab", "s", "tc", "table-cell"]);
/** Numbers that position things, and formulas of fields. */
const SILENT = new Set(["posOffset", "instrText", "binary-data", "sizeRelH", "sizeRelV"]);
const REPEATED_CELLS_MAX = 100;

/** Text, a paragraph a line, cells with tabs between them. */
export function documentText(xml: string): string {
  const out: string[] = [];
  let silent = 0;
  readXml(xml, {
    open: (name, attributes) => {
      if (SILENT.has(name)) silent++;
      if (name === "table-cell" && attributes.includes("value=")) out.push(odfValue(attributes));
    },
    close: (name) => {
      if (SILENT.has(name)) silent = Math.max(0, silent - 1);
      if (LINES.has(name)) out.push("\n");
      else if (BLANKS.has(name)) out.push("\t");
    },
    text: (text) => {
      if (silent === 0) out.push(text);
    },
  });
  return tidy(out.join(""));
}

/** A number as typed, which the cell may show rounded. */
function odfValue(attributes: string): string {
  const value = xmlAttribute(attributes, "value");
  return value !== null && /^\d{7,30}$/u.test(value) ? `${value} ` : "";
}

/** Many empty cells and lines say nothing. */
function tidy(text: string): string {
  return text
    .replace(new RegExp(`\\t{${REPEATED_CELLS_MAX},}`, "gu"), "\t")
    .replace(/[\t ]*\n[\t\n ]*/gu, "\n")
    .trim();
}
