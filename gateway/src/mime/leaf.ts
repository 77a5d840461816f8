/**
 * One part that holds no further parts: its text, or itself as an attachment.
 */
import { decodeCharset } from "./charset.ts";
import { decodeWords } from "./encoded-word.ts";
import { mailFileName, safeFileName } from "./file-name.ts";
import { unflow } from "./flowed.ts";
import { firstField, readHeaderBlock } from "./header.ts";
import type { Part } from "./structure.ts";
import { decodeTransfer } from "./transfer.ts";

/** An attachment before it is known whether the html shows it. */
export type AttachmentDraft = {
  name: string;
  type: string;
  cid: string | null;
  read: () => Uint8Array;
};

const MAIL_TYPES = new Set(["message/rfc822", "message/global"]);

/** The decoded bytes of a part. */
export function partBytes(raw: Buffer, part: Part): Buffer {
  return decodeTransfer(raw.subarray(part.bodyStart, part.bodyEnd), part.encoding);
}

export type PartText = { text: string; charsetKnown: boolean };

/** The text of a text part, with `\n` line breaks and unflowed. */
export function partText(raw: Buffer, part: Part): PartText {
  const bytes = partBytes(raw, part);
  const written = part.parameters.get("charset") ?? "";
  const label = written === "" && part.type === "text/html" ? metaCharset(bytes) : written;
  const decoded = decodeCharset(bytes, label);
  const flowed = part.parameters.get("format")?.toLowerCase() === "flowed" && part.type === "text/plain";
  const text = flowed
    ? unflow(decoded.text, part.parameters.get("delsp")?.toLowerCase() === "yes")
    : decoded.text.replace(/\r\n?/gu, "\n");
  return { text: text.replaceAll("\0", ""), charsetKnown: decoded.known };
}

/** The name that the sender gave, in either field; empty when there is none. */
export function writtenName(part: Part): string {
  return part.disposition.parameters.get("filename") ?? part.parameters.get("name") ?? "";
}

export function isMailType(type: string): boolean {
  return MAIL_TYPES.has(type);
}

/** The part as an attachment. */
export function toAttachment(raw: Buffer, part: Part): AttachmentDraft {
  const read = () => partBytes(raw, part);
  return { name: attachmentName(raw, part), type: part.type, cid: contentId(raw, part), read };
}

function attachmentName(raw: Buffer, part: Part): string {
  const written = writtenName(part);
  if (written.trim() !== "") return safeFileName(written, part.type);
  if (!isMailType(part.type)) return safeFileName("", part.type);
  const inner = partBytes(raw, part);
  return mailFileName(
    decodeWords(firstField(inner, readHeaderBlock(inner, 0, inner.length), "subject") ?? ""),
  );
}

function contentId(raw: Buffer, part: Part): string | null {
  const id = firstField(raw, part.header, "content-id")?.replace(/^[\s<]+|[\s>]+$/gu, "");
  return id === undefined || id === "" ? null : id;
}

/** `<meta charset=…>` or its older form, in the first kilobytes, as browsers look for it. */
function metaCharset(bytes: Buffer): string {
  const head = bytes.toString("latin1", 0, Math.min(bytes.length, 4096));
  return /<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:-]+)/iu.exec(head)?.[1] ?? "";
}
