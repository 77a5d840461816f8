/**
 * Names of attachments: what the sender wrote, made safe to show and to save under.
 */
import { FILE_NAME_LENGTH_MAX } from "./limits.ts";

/** Control characters, and those that turn the direction of reading, which hide an ending (`gpj.exe`). */
const UNSAFE = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\u2028\u2029]/gu;

/** Endings for parts that came without a name. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ["text/plain", "txt"],
  ["text/html", "html"],
  ["text/calendar", "ics"],
  ["text/csv", "csv"],
  ["text/vcard", "vcf"],
  ["text/x-vcard", "vcf"],
  ["text/rtf", "rtf"],
  ["text/rfc822-headers", "txt"],
  ["message/rfc822", "eml"],
  ["message/global", "eml"],
  ["message/delivery-status", "txt"],
  ["message/disposition-notification", "txt"],
  ["image/jpeg", "jpg"],
  ["image/png", "png"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
  ["image/svg+xml", "svg"],
  ["image/heic", "heic"],
  ["image/bmp", "bmp"],
  ["image/tiff", "tiff"],
  ["audio/mpeg", "mp3"],
  ["video/mp4", "mp4"],
  ["application/pdf", "pdf"],
  ["application/rtf", "rtf"],
  ["application/zip", "zip"],
  ["application/json", "json"],
  ["application/xml", "xml"],
  ["application/msword", "doc"],
  ["application/vnd.ms-excel", "xls"],
  ["application/vnd.ms-powerpoint", "ppt"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
  ["application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"],
  ["application/pkcs7-signature", "p7s"],
  ["application/x-pkcs7-signature", "p7s"],
  ["application/pkcs7-mime", "p7m"],
  ["application/x-pkcs7-mime", "p7m"],
  ["application/pgp-signature", "asc"],
  ["application/pgp-encrypted", "asc"],
  ["application/pgp-keys", "asc"],
  ["application/ms-tnef", "dat"],
]);

const STEMS: ReadonlyMap<string, string> = new Map([
  ["text/calendar", "invitation"],
  ["application/pkcs7-signature", "smime"],
  ["application/x-pkcs7-signature", "smime"],
  ["application/pkcs7-mime", "smime"],
  ["application/x-pkcs7-mime", "smime"],
  ["application/pgp-signature", "signature"],
  ["message/rfc822", "message"],
  ["message/delivery-status", "delivery-status"],
]);

/** A safe name: without path, control and direction characters, of bounded length, never empty. */
export function safeFileName(written: string, type: string): string {
  const base = written.replace(UNSAFE, "").split(/[/\\]/u).at(-1) ?? "";
  const trimmed = base
    .replace(/[<>:"|?*]/gu, "_")
    .trim()
    .replace(/^\.+|\.+$/gu, "");
  return trimmed === "" ? unnamed(type) : shorten(trimmed);
}

/** A mail attached to a mail is named by its subject. */
export function mailFileName(subject: string): string {
  const flat = subject.replace(/[/\\]/gu, "-");
  return safeFileName(flat.trim() === "" ? "" : `${shorten(flat.trim())}.eml`, "message/rfc822");
}

function unnamed(type: string): string {
  const kind = type.split("/")[0] ?? "";
  const stem = STEMS.get(type) ?? (kind === "image" ? "image" : "attachment");
  return `${stem}.${ENDINGS.get(type) ?? "bin"}`;
}

function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= FILE_NAME_LENGTH_MAX) return name;
  const ending = /\.[A-Za-z0-9]{1,10}$/u.exec(name)?.[0] ?? "";
  return (
    characters
      .slice(0, FILE_NAME_LENGTH_MAX - ending.length)
      .join("")
      .trim() + ending
  );
}
