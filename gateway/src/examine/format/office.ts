/**
 * Office files that are zips of XML: which of their parts hold words, and files embedded in them.
 */
import type { FileType } from "../file-type.ts";
import { ATTACHMENT_TEXT_MAX } from "../limits.ts";
import type { Reading } from "../reading.ts";
import { documentText } from "./office-text.ts";
import { decodeText } from "./plain.ts";
import { sharedStrings, sheetText } from "./sheet.ts";
import { findEntries, type ZipEntry } from "./zip-directory.ts";
import { readEntry } from "./zip-file.ts";

export type Embedded = { readonly name: string; readonly bytes: Buffer };

/** Parts with words that people wrote, in each kind of file. */
const WORDS: Partial<Record<FileType, RegExp>> = {
  docx: /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes|comments|glossary\/document)\.xml$/u,
  pptx: /^ppt\/(?:slides\/slide|notesSlides\/notesSlide|comments\/(?:modern)?comment|slideMasters\/slideMaster)[^/]*\.xml$/u,
  xlsx: /^xl\/(?:comments[^/]*|threadedComments\/[^/]*|drawings\/drawing\d+)\.xml$/u,
  odt: /^(?:content|styles|meta)\.xml$/u,
  ods: /^(?:content|styles|meta)\.xml$/u,
  odp: /^(?:content|styles|meta)\.xml$/u,
};
const DIAGRAMS_AND_PROPERTIES =
  /^(?:docProps\/(?:core|app|custom)|(?:word|xl|ppt)\/(?:diagrams\/data|charts\/chart)\d*)\.xml$/u;
const SHEET = /^xl\/worksheets\/[^/]+\.xml$/u;
const EMBEDDED = /^(?:word|xl|ppt)\/embeddings\/|^Object [^/]+\/content\.xml$/u;

/** Writes the words into `reading` and gives the files embedded. */
export function readOffice(zip: Buffer, type: FileType, reading: Reading): Embedded[] {
  const directory = findEntries(zip);
  const entries = directory.kind === "read" ? directory.entries : [];
  const words = WORDS[type];
  if (isEncryptedOpenDocument(zip, entries, reading)) {
    reading.note("encrypted", "A document is encrypted.");
    return [];
  }
  if (type === "xlsx") readSheets(zip, entries, reading);
  for (const entry of entries) {
    if (!(words?.test(entry.name) || DIAGRAMS_AND_PROPERTIES.test(entry.name))) continue;
    if (reading.isLate() || !reading.write(documentText(partText(zip, entry, reading)))) break;
  }
  return entries
    .filter(({ name }) => EMBEDDED.test(name))
    .flatMap((entry) => {
      const bytes = readEntry(zip, entry, reading);
      return bytes === null ? [] : [{ name: entry.name.slice(entry.name.lastIndexOf("/") + 1), bytes }];
    });
}

function readSheets(zip: Buffer, entries: readonly ZipEntry[], reading: Reading): void {
  const table = entries.find(({ name }) => name === "xl/sharedStrings.xml");
  const strings = table === undefined ? [] : sharedStrings(partText(zip, table, reading));
  for (const entry of entries.filter(({ name }) => SHEET.test(name))) {
    if (reading.isLate()) return;
    if (!reading.write(sheetText(partText(zip, entry, reading), strings, ATTACHMENT_TEXT_MAX))) return;
  }
}

function partText(zip: Buffer, entry: ZipEntry, reading: Reading): string {
  const bytes = readEntry(zip, entry, reading);
  return bytes === null ? "" : decodeText(bytes, "utf-8");
}

function isEncryptedOpenDocument(zip: Buffer, entries: readonly ZipEntry[], reading: Reading): boolean {
  const manifest = entries.find(({ name }) => name === "META-INF/manifest.xml");
  return manifest !== undefined && partText(zip, manifest, reading).includes("encryption-data");
}
