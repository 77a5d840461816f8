/**
 * The words of a PDF, by Mozilla's pdf.js (without its scripts, fonts and pictures). Loaded when first needed.
 */
import { PDF_PAGES_MAX } from "../limits.ts";
import type { Reading } from "../reading.ts";
import type { Embedded } from "./office.ts";

type Items = readonly object[];

/** Writes the words into `reading` and gives the files attached to the PDF. Never throws. */
export async function readPdf(bytes: Buffer, reading: Reading): Promise<Embedded[]> {
  const { getDocumentProxy } = await import("unpdf");
  try {
    const pdf = await getDocumentProxy(new Uint8Array(bytes), QUIET);
    try {
      await readPages(pdf, reading);
      return embeddedFiles(await pdf.getAttachments());
    } finally {
      await pdf.loadingTask.destroy();
    }
  } catch (error) {
    const isLocked = error instanceof Error && error.name === "PasswordException";
    if (isLocked) reading.note("encrypted", "A PDF asks for a password.");
    else reading.note("unscannable", "A PDF is damaged."); // pdf.js throws many kinds for broken files
    return [];
  }
}

/** No evaluated code, no pictures decoded, no words on the console. */
const QUIET = {
  isEvalSupported: false,
  disableFontFace: true,
  maxImageSize: 1,
  stopAtErrors: false,
  verbosity: 0,
};

type Page = {
  getTextContent: () => Promise<{ items: Items }>;
  getAnnotations: () => Promise<Items>;
  cleanup: () => boolean;
};

async function readPages(
  pdf: { numPages: number; getPage: (number: number) => Promise<Page> },
  reading: Reading,
): Promise<void> {
  const pages = Math.min(pdf.numPages, PDF_PAGES_MAX);
  let words = 0;
  for (let number = 1; number <= pages; number++) {
    if (reading.isLate()) return;
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const text = `${itemsText(items)}${annotationsText(await page.getAnnotations())}`.trim();
    page.cleanup();
    words += text.length;
    if (!reading.write(text)) return;
  }
  if (pages < pdf.numPages) reading.note("half-scanned", "A PDF has more pages than are examined.");
  if (words === 0) reading.note("unscannable", "A PDF holds pictures of pages and no text.");
}

function itemsText(items: Items): string {
  return items
    .map((item) => {
      if (!("str" in item) || typeof item.str !== "string") return "";
      return "hasEOL" in item && item.hasEOL === true ? `${item.str}\n` : item.str;
    })
    .join("");
}

/** Notes and what was typed into forms. */
function annotationsText(annotations: Items): string {
  const values = annotations.flatMap((annotation) => [
    "fieldValue" in annotation ? annotation.fieldValue : null,
    "contentsObj" in annotation ? annotation.contentsObj : null,
  ]);
  return values
    .map((value) => (typeof value === "object" && value !== null && "str" in value ? value.str : value))
    .filter((value) => typeof value === "string" && value !== "")
    .map((value) => `\n${value}`)
    .join("");
}

/** pdf.js gives a record (or, in newer versions, a map) by name. */
function embeddedFiles(attachments: unknown): Embedded[] {
  if (typeof attachments !== "object" || attachments === null) return [];
  const files = attachments instanceof Map ? [...attachments.values()] : Object.values(attachments);
  return files.flatMap((file: unknown) => {
    if (typeof file !== "object" || file === null || !("content" in file)) return [];
    const name = "filename" in file && typeof file.filename === "string" ? file.filename : "attachment";
    return file.content instanceof Uint8Array ? [{ name, bytes: Buffer.from(file.content) }] : [];
  });
}
