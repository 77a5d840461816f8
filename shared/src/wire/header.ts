/**
 * The header of a message: what a list of messages shows. Sealed under the header key; never names a Bcc.
 */
import { type Bytes, fromUtf8, utf8 } from "../bytes.ts";
import { exactly, list, optional, type Parsed, record, text, whole } from "./shape.ts";

/** Somebody as the mail named them. `name` is "" where it gave none; `address` is spelled as the mail did. */
export interface Correspondent {
  readonly name: string;
  readonly address: string;
}

export interface MessageHeader {
  readonly v: 1;
  readonly subject: string;
  readonly from: Correspondent;
  readonly to: readonly Correspondent[];
  readonly cc: readonly Correspondent[];
  /** ISO 8601 with time zone, of the mail's Date. */
  readonly date: string;
  readonly attachmentCount: number;
  /** Message-ID of the mail, with its angle brackets. */
  readonly messageId?: string;
}

/** In UTF-16 units. Mails may fold subjects over many lines; nobody reads more than this. */
export const MAX_SUBJECT = 10_000;
export const MAX_NAME = 1_000;
export const MAX_ADDRESS = 1_000;
/** Recipients of one mail (the gateway takes no more) in To and in Cc, named by its header alone included. */
export const MAX_CORRESPONDENTS = 5_000;
/** Parts of one mail: the gateway's parser stops there. */
export const MAX_ATTACHMENTS = 1_000;
const MAX_MESSAGE_ID = 2_000;
const MAX_DATE = 40;

/** A device reads no larger header, so that a list cannot be made to exhaust it. */
export const MAX_HEADER_BYTES = 1_048_576;

const correspondent = record<Correspondent>({ name: text(MAX_NAME), address: text(MAX_ADDRESS) });

const header = record<MessageHeader>({
  v: exactly(1),
  subject: text(MAX_SUBJECT),
  from: correspondent,
  to: list(correspondent, MAX_CORRESPONDENTS),
  cc: list(correspondent, MAX_CORRESPONDENTS),
  date: text(MAX_DATE),
  attachmentCount: whole(0, MAX_ATTACHMENTS),
  messageId: optional(text(MAX_MESSAGE_ID)),
});

/** The header of JSON bytes that were opened. */
export function decodeHeader(bytes: Uint8Array): Parsed<MessageHeader> {
  if (bytes.length > MAX_HEADER_BYTES) return { kind: "malformed", what: "header: too long" };
  return parseHeader(readJson(bytes));
}

/** A header out of a value of unknown origin. */
export function parseHeader(value: unknown): Parsed<MessageHeader> {
  return header(value, "header");
}

export function encodeHeader(value: MessageHeader): Bytes {
  return utf8(JSON.stringify(value));
}

/** JSON as a value, undefined where it is none (no shape fits undefined). */
export function readJson(bytes: Uint8Array): unknown {
  const json = fromUtf8(bytes);
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
