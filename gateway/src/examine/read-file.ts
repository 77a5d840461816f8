/**
 * The text of one file, whatever it is, with everything packed inside it.
 *
 * Never throws: what cannot be read is noted as a condition.
 */

import { htmlToText } from "../mime/html-text.ts";
import { parseMail } from "../mime/parse-mail.ts";
import { readRtf } from "../mime/winmail/rtf.ts";
import { bodyText } from "./body-text.ts";
import { type FileType, fileType, PICTURES_AND_SOUND } from "./file-type.ts";
import { readOffice } from "./format/office.ts";
import { documentText } from "./format/office-text.ts";
import { readPdf } from "./format/pdf.ts";
import { decodeText } from "./format/plain.ts";
import { salvageText } from "./format/salvage.ts";
import { readTar } from "./format/tar.ts";
import { findEntries } from "./format/zip-directory.ts";
import { readEntry, unpack } from "./format/zip-file.ts";
import { decodeHeaders } from "./headers-text.ts";
import { ARCHIVE_DEPTH_MAX, ATTACHMENT_TEXT_MAX, FILES_MAX } from "./limits.ts";
import { noteProblems } from "./problems.ts";
import type { Reading } from "./reading.ts";

/** How an OpenPGP message begins in text (RFC 9580, 6.2). */
export const PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----";

export type FileToRead = {
  /** Names of archives and files around it, joined by slashes. */
  readonly path: string;
  /** The media type that the mail declared; empty inside archives. */
  readonly declared: string;
  readonly bytes: Buffer;
};

/** Reads the file and all in it into `reading`. */
export async function readFile(file: FileToRead, reading: Reading, depth = 0): Promise<void> {
  const type = fileType(file.bytes);
  if (!reading.enter(file.path, type, file.declared)) return;
  if (depth > ARCHIVE_DEPTH_MAX) {
    reading.note("half-scanned", "Archives are packed in archives more deeply than is examined.");
    return;
  }
  for (const inner of await readType(file, type, reading)) await readFile(inner, reading, depth + 1);
}

/** Writes the words of this file and gives the files in it. */
async function readType(file: FileToRead, type: FileType, reading: Reading): Promise<Iterable<FileToRead>> {
  const { bytes } = file;
  switch (type) {
    case "text":
      readText(decodeText(bytes), reading);
      return [];
    case "html":
      reading.write(htmlToText(decodeText(bytes)));
      return [];
    case "xml":
    case "svg":
      reading.write(documentText(decodeText(bytes)));
      return [];
    case "rtf":
      reading.write(rtfText(bytes));
      return [];
    case "docx":
    case "xlsx":
    case "pptx":
    case "odt":
    case "ods":
    case "odp":
      return readOffice(bytes, type, reading).map((inner) => inside(file, inner.name, inner.bytes));
    case "pdf":
      return (await readPdf(bytes, reading)).map((inner) => inside(file, inner.name, inner.bytes));
    case "mail":
      return readMail(file, reading);
    case "zip":
      return readZip(file, reading);
    case "gzip":
      return [inside(file, "content", unpack(bytes, "gzip", reading))];
    case "tar":
      return readTarFiles(file, reading);
    default:
      readOpaque(type, bytes, reading);
      return [];
  }
}

function readText(text: string, reading: Reading): void {
  if (text.includes(PGP_MESSAGE)) reading.note("encrypted", "A text holds an encrypted part.");
  reading.write(text);
}

/** Types of which little or nothing can be read. */
function readOpaque(type: FileType, bytes: Buffer, reading: Reading): void {
  if (type === "empty" || type === "smime-signature" || PICTURES_AND_SOUND.has(type)) return;
  if (type === "legacy-office") {
    reading.write(salvageText(bytes, ATTACHMENT_TEXT_MAX));
    reading.note(
      "half-scanned",
      "A file in an Office format from before 2007 was read by its runs of characters only.",
    );
  } else if (type === "encrypted-office" || type === "smime-encrypted" || type === "pgp-encrypted") {
    reading.note("encrypted", "A file is encrypted.");
  } else {
    reading.note("unscannable", "A file is of a type whose text cannot be read.");
  }
}

function rtfText(bytes: Buffer): string {
  const content = readRtf(bytes);
  return content.kind === "html" ? htmlToText(content.html) : content.text;
}

function readMail(file: FileToRead, reading: Reading): FileToRead[] {
  const mail = parseMail(file.bytes);
  reading.write(decodeHeaders(file.bytes).text);
  const body = bodyText(mail);
  reading.write(body.text);
  if (body.cut) reading.note("half-scanned", "The text of an attached mail is longer than is examined.");
  noteProblems(mail.problems, reading);
  return mail.attachments.map((attachment) => {
    const content = attachment.content();
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
    return { ...inside(file, attachment.name, bytes), declared: attachment.type };
  });
}

/** One file after the other, so that one is unpacked at a time. */
function* readZip(file: FileToRead, reading: Reading): Generator<FileToRead> {
  const directory = findEntries(file.bytes);
  if (directory.kind === "damaged") {
    reading.note("unscannable", "An archive is damaged.");
    return;
  }
  for (const entry of directory.entries) {
    if (entry.name.endsWith("/") && entry.packedSize === 0) continue;
    if (reading.budget.filesLeft <= 0 || reading.budget.bytesLeft <= 0 || reading.isLate()) {
      reading.note("half-scanned", "An archive holds more than is examined.");
      return;
    }
    const bytes = readEntry(file.bytes, entry, reading);
    if (bytes !== null) yield inside(file, entry.name, bytes);
  }
}

function readTarFiles(file: FileToRead, reading: Reading): FileToRead[] {
  const { entries, whole } = readTar(file.bytes, FILES_MAX);
  if (!whole) reading.note("half-scanned", "An archive is damaged or holds more files than are examined.");
  return entries.map((entry) => inside(file, entry.name, entry.bytes));
}

function inside(outer: FileToRead, name: string, bytes: Buffer): FileToRead {
  return { path: `${outer.path}/${name}`, declared: "", bytes };
}
