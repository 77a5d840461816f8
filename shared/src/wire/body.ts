/**
 * The body of a message: its texts, and what its attachments are called. Sealed as the part "body" under the content key.
 */
import { type Bytes, utf8 } from "../bytes.ts";
import { MAX_ATTACHMENTS, readJson } from "./header.ts";
import { claim, exactly, list, nullable, optional, type Parsed, record, text, whole } from "./shape.ts";

export interface AttachmentInfo {
  /** Number of the sealed part, from 1. */
  readonly part: number;
  readonly name: string;
  /** Media type without parameters, lower case, as the mail claimed it. */
  readonly type: string;
  /** Bytes of the plaintext. */
  readonly size: number;
  /** Content-ID without its angle brackets. */
  readonly cid?: string;
  /** Shown within the html rather than listed. */
  readonly inline: boolean;
}

export interface MessageBody {
  readonly v: 1;
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly AttachmentInfo[];
}

/** A mail has at most 50 MB; decoding may grow a text by half (8-bit charsets become UTF-8), JSON's escapes more. */
const MAX_BODY_BYTES = 134_217_728;
const MAX_TEXT = MAX_BODY_BYTES;
/** Plaintext of one attachment: the gateway takes 25 MB by default; a setting may raise it up to this. */
const MAX_ATTACHMENT_BYTES = 1_073_741_824;
export const MAX_FILE_NAME = 1_000;
const MAX_MEDIA_TYPE = 255;
const MAX_CONTENT_ID = 2_000;

const attachment = record<AttachmentInfo>({
  part: whole(1, MAX_ATTACHMENTS),
  name: text(MAX_FILE_NAME),
  type: text(MAX_MEDIA_TYPE),
  size: whole(0, MAX_ATTACHMENT_BYTES),
  cid: optional(text(MAX_CONTENT_ID)),
  inline: claim,
});

const body = record<MessageBody>({
  v: exactly(1),
  text: nullable(text(MAX_TEXT)),
  html: nullable(text(MAX_TEXT)),
  attachments: list(attachment, MAX_ATTACHMENTS),
});

/** The body of JSON bytes that were opened. Part numbers are unique. */
export function decodeBody(bytes: Uint8Array): Parsed<MessageBody> {
  if (bytes.length > MAX_BODY_BYTES) return { kind: "malformed", what: "body: too long" };
  return parseBody(readJson(bytes));
}

/** A body out of a value of unknown origin. */
export function parseBody(value: unknown): Parsed<MessageBody> {
  const read = body(value, "body");
  if (read.kind === "malformed") return read;
  const parts = new Set(read.value.attachments.map(({ part }) => part));
  if (parts.size < read.value.attachments.length) return { kind: "malformed", what: "body: a part twice" };
  return read;
}

export function encodeBody(value: MessageBody): Bytes {
  return utf8(JSON.stringify(value));
}
