/**
 * What a file is, by its content. Its name and declared type are the sender's words and are not asked.
 */
import { cryptographicType } from "./format/cryptographic.ts";
import { isText } from "./format/plain.ts";
import { findEntries } from "./format/zip-directory.ts";

/** A type by the usual ending of its files; `legacy-office` is doc, xls, ppt and msg alike. */
export type FileType =
  | "empty"
  | "text"
  | "html"
  | "xml"
  | "svg"
  | "rtf"
  | "mail"
  | "pdf"
  | "docx"
  | "xlsx"
  | "pptx"
  | "odt"
  | "ods"
  | "odp"
  | "legacy-office"
  | "encrypted-office"
  | "zip"
  | "gzip"
  | "tar"
  | "7z"
  | "rar"
  | "bzip2"
  | "xz"
  | "zstd"
  | "cab"
  | "image"
  | "audio"
  | "video"
  | "font"
  | "program"
  | "database"
  | "winmail"
  | "smime-encrypted"
  | "smime-signed"
  | "smime-signature"
  | "pgp-encrypted"
  | "unknown";

type Signature = readonly [type: FileType, at: number, bytes: string];

/** Latin-1 strings at fixed places, the longer ones first where two could fit. */
const SIGNATURES: readonly Signature[] = [
  ["pdf", 0, "%PDF-"],
  ["rtf", 0, "{\\rtf"],
  ["gzip", 0, "\x1f\x8b"],
  ["7z", 0, "7z\xbc\xaf\x27\x1c"],
  ["rar", 0, "Rar!\x1a\x07"],
  ["bzip2", 0, "BZh"],
  ["xz", 0, "\xfd7zXZ\0"],
  ["zstd", 0, "\x28\xb5\x2f\xfd"],
  ["cab", 0, "MSCF\0\0\0\0"],
  ["tar", 257, "ustar"],
  ["image", 0, "\x89PNG\r\n\x1a\n"],
  ["image", 0, "\xff\xd8\xff"],
  ["image", 0, "GIF8"],
  ["image", 0, "BM"],
  ["image", 0, "II*\0"],
  ["image", 0, "MM\0*"],
  ["image", 0, "\0\0\x01\0"],
  ["image", 8, "WEBP"],
  ["image", 4, "ftypheic"],
  ["image", 4, "ftypmif1"],
  ["image", 4, "ftypavif"],
  ["video", 4, "ftyp"],
  ["video", 0, "\x1aE\xdf\xa3"],
  ["video", 8, "AVI "],
  ["video", 0, "\0\0\x01\xba"],
  ["audio", 8, "WAVE"],
  ["audio", 0, "ID3"],
  ["audio", 0, "\xff\xfb"],
  ["audio", 0, "OggS"],
  ["audio", 0, "fLaC"],
  ["font", 0, "wOFF"],
  ["font", 0, "wOF2"],
  ["font", 0, "OTTO"],
  ["font", 0, "\0\x01\0\0\0"],
  ["program", 0, "MZ"],
  ["program", 0, "\x7fELF"],
  ["program", 0, "\xcf\xfa\xed\xfe"],
  ["program", 0, "\xca\xfe\xba\xbe"],
  ["program", 0, "\0asm"],
  ["database", 0, "SQLite format 3\0"],
  ["database", 4, "Standard Jet DB"],
  ["database", 4, "Standard ACE DB"],
  ["winmail", 0, "\x78\x9f\x3e\x22"],
];

const OLE = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const ENCRYPTED_STREAM = Buffer.from("EncryptedPackage", "utf16le");
/** How far a mark at the start of a text is looked for. */
const HEAD_BYTES = 4096;

/** Types whose bytes hold no text that anybody reads. */
export const PICTURES_AND_SOUND: ReadonlySet<FileType> = new Set(["image", "audio", "video", "font"]);

/** Tells the type. Reads the directory of a zip, otherwise the first kilobytes. */
export function fileType(bytes: Buffer): FileType {
  if (bytes.length === 0) return "empty";
  const head = bytes.toString("latin1", 0, HEAD_BYTES);
  if (head.startsWith(OLE)) return bytes.includes(ENCRYPTED_STREAM) ? "encrypted-office" : "legacy-office";
  if (isText(bytes)) return textType(bytes);
  if (isZip(bytes, head)) return zipType(bytes);
  const signature = SIGNATURES.find(([, at, mark]) => head.startsWith(mark, at));
  if (signature !== undefined) return signature[0];
  if (head.slice(0, 1024).includes("%PDF-")) return "pdf";
  return cryptographicType(bytes) ?? "unknown";
}

function isZip(bytes: Buffer, head: string): boolean {
  return head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06") || findEntries(bytes).kind === "read";
}

function zipType(bytes: Buffer): FileType {
  const directory = findEntries(bytes);
  if (directory.kind !== "read") return "zip";
  const names = new Set(directory.entries.map(({ name }) => name));
  if (names.has("[Content_Types].xml")) {
    if (names.has("word/document.xml")) return "docx";
    if (names.has("xl/workbook.xml")) return "xlsx";
    if (names.has("ppt/presentation.xml")) return "pptx";
  }
  const first = directory.entries[0];
  if (first?.name !== "mimetype" || first.method !== 0 || !names.has("content.xml")) return "zip";
  const media = bytes.toString("latin1", 38, 120);
  if (media.includes("opendocument.text")) return "odt";
  if (media.includes("opendocument.spreadsheet")) return "ods";
  return media.includes("opendocument.presentation") ? "odp" : "zip";
}

function textType(bytes: Buffer): FileType {
  const start = bytes
    .toString("latin1", 0, HEAD_BYTES)
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/u, "")
    .replaceAll("\0", "")
    .trimStart();
  if (start.startsWith("{\\rtf")) return "rtf";
  if (start.startsWith("%PDF-")) return "pdf";
  if (start.startsWith("-----BEGIN PGP MESSAGE-----")) return "pgp-encrypted";
  if (
    /^<!doctype html|^<html[\s>]|^<(?:head|body|table|div|p)[\s>]/iu.test(start) ||
    /<html[\s>]/iu.test(start.slice(0, 1024))
  )
    return "html";
  if (/<svg[\s>]/iu.test(start.slice(0, 1024)) && start.startsWith("<")) return "svg";
  if (start.startsWith("<?xml")) return "xml";
  return isMail(start) ? "mail" : "text";
}

/** Two fields that every mail has, on lines of their own before the first empty line. */
function isMail(start: string): boolean {
  const header = start.split(/\r?\n\r?\n/u, 1)[0] ?? "";
  const fields =
    header.match(/^(?:from|to|subject|date|received|return-path|message-id|mime-version):/gimu) ?? [];
  return new Set(fields.map((field) => field.toLowerCase())).size >= 2 && /^[!-9;-~]+:/u.test(header);
}
