/**
 * Putting the banner on top of one text part, in the part's own charset and encoding.
 *
 * Only that part's bytes change. Plain text and html whose charset writes ASCII as ASCII get the banner as it
 * is; a charset that does not (UTF-16, UTF-7) leaves the part untouched.
 */
import iconv from "iconv-lite";
import { canonicalLabel } from "../mime/charset.ts";
import { partBytes } from "../mime/leaf.ts";
import type { Part } from "../mime/structure.ts";
import type { Banner } from "./banner.ts";

/** A change of the mail: the bytes `start..end` become `bytes`. */
export type Change = { start: number; end: number; bytes: Buffer };

/** Charsets in which an ASCII text is something else. */
const NOT_ASCII = /^(?:utf-?16|utf-?32|ucs-?[24]|utf-?7|hz-gb)/u;
const BASE64_LINE_LENGTH = 76;
const QP_LINE_LENGTH = 73;

/** The change that puts the banner into a text part; null when the part cannot take it. */
export function insertBanner(raw: Buffer, part: Part, banner: Banner, lineBreak: string): Change | null {
  if (NOT_ASCII.test(canonicalLabel(part.parameters.get("charset") ?? ""))) return null;
  const html = part.type === "text/html";
  const words = html ? `${banner.html}\n` : `${banner.text}\n\n`;
  const inserted = encode(words.replaceAll("\n", lineBreak), part);
  switch (part.encoding) {
    case "7bit":
    case "8bit":
    case "binary": {
      const at = html ? afterBodyTag(raw.subarray(part.bodyStart, part.bodyEnd)) : 0;
      return { start: part.bodyStart + at, end: part.bodyStart + at, bytes: inserted };
    }
    case "quoted-printable":
    case "base64": {
      const decoded = partBytes(raw, part);
      const at = html ? afterBodyTag(decoded) : 0;
      const whole = Buffer.concat([decoded.subarray(0, at), inserted, decoded.subarray(at)]);
      const ending = raw[part.bodyEnd - 1] === 0x0a ? lineBreak : "";
      const encoded =
        part.encoding === "base64"
          ? toBase64(whole, lineBreak) + ending
          : toQuotedPrintable(whole, lineBreak);
      return { start: part.bodyStart, end: part.bodyEnd, bytes: Buffer.from(encoded, "latin1") };
    }
    default:
      return null;
  }
}

/** The banner in the part's charset; letters that cannot be written there become `?`. */
function encode(words: string, part: Part): Buffer {
  const charset = canonicalLabel(part.parameters.get("charset") ?? "");
  if (part.encoding === "7bit" || !iconv.encodingExists(charset)) {
    return Buffer.from(words.replace(/[^\n\r\x20-\x7e]/gu, "?"), "latin1");
  }
  return iconv.encode(words, charset);
}

/** Behind `<body …>`; at the start when there is none. */
function afterBodyTag(html: Buffer): number {
  const text = html.toString("latin1");
  const body = /<body(?=[\s>/])/iu.exec(text);
  if (body === null) return 0;
  const end = text.indexOf(">", body.index);
  return end === -1 ? 0 : end + 1;
}

function toBase64(bytes: Buffer, lineBreak: string): string {
  const text = bytes.toString("base64");
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += BASE64_LINE_LENGTH)
    lines.push(text.slice(at, at + BASE64_LINE_LENGTH));
  return lines.join(lineBreak);
}

/** RFC 2045 section 6.7; line breaks of the text stay line breaks. */
function toQuotedPrintable(bytes: Buffer, lineBreak: string): string {
  const lines = bytes.toString("latin1").split(/\r?\n/u);
  return lines.map((line) => foldQuoted(quoteLine(line), lineBreak)).join(lineBreak);
}

function quoteLine(line: string): string {
  return line
    .replace(/[^\t\x20-\x3c\x3e-\x7e]/gu, (char) => hex(char))
    .replace(/[\t ]$/u, (char) => hex(char))
    .replace(/^\.|^From /u, (start) => hex(start.charAt(0)) + start.slice(1));
}

function hex(char: string): string {
  return `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Cuts a line with soft breaks, never inside an escape. */
function foldQuoted(line: string, lineBreak: string): string {
  const pieces: string[] = [];
  for (let at = 0; at < line.length; ) {
    let end = at + QP_LINE_LENGTH;
    if (line[end - 1] === "=") end -= 1;
    else if (line[end - 2] === "=") end -= 2;
    pieces.push(line.slice(at, end));
    at = end;
  }
  return pieces.join(`=${lineBreak}`);
}
