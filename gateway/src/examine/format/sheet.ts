/**
 * The words and numbers of a workbook (ECMA-376, SpreadsheetML): a row a line, cells with tabs between them.
 */
import { readXml } from "./xml-text.ts";

/** The table of texts that cells point into. */
export function sharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let current: string[] | null = null;
  let phonetic = false;
  readXml(xml, {
    open: (name) => {
      if (name === "si") current = [];
      if (name === "rPh") phonetic = true;
    },
    close: (name) => {
      if (name === "rPh") phonetic = false;
      if (name !== "si") return;
      strings.push(current?.join("") ?? "");
      current = null;
    },
    text: (text) => {
      if (!phonetic) current?.push(text);
    },
  });
  return strings;
}

/** One sheet. A hundred thousand cells that point to one long text are cut at `lengthMax` characters. */
export function sheetText(xml: string, strings: readonly string[], lengthMax: number): string {
  const out: string[] = [];
  let length = 0;
  let isShared = false;
  let reads = false;
  const write = (text: string) => {
    if (length > lengthMax) return;
    out.push(text);
    length += text.length;
  };
  readXml(xml, {
    open: (name, attributes) => {
      if (name === "c") isShared = /\bt=["']s["']/u.test(attributes);
      if (name === "v" || name === "t") reads = true;
    },
    close: (name) => {
      if (name === "v" || name === "t") reads = false;
      else if (name === "c") write("\t");
      else if (name === "row") write("\n");
    },
    text: (text) => {
      if (reads) write(isShared ? (strings[Number(text)] ?? "") : plainNumber(text));
    },
  });
  return out.join("").replace(/\t+\n/gu, "\n").trim();
}

/** Excel writes long numbers as 4.5567375868998501E+15. */
function plainNumber(text: string): string {
  if (!/^\d(?:\.\d+)?E\+?\d{1,2}$/u.test(text)) return text;
  const value = Number(text);
  return Number.isSafeInteger(value) ? String(value) : text;
}
