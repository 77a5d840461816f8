/**
 * Portal mail: what somebody writes in the portal (a reply, a reply to all, a new mail), as the device hands it to the gateway.
 *
 * Read strictly, for its writer may be hostile. Nobody is in it under a name of the writer's choice: From is the account's.
 */
import { type Bytes, fromB64, isUuid, utf8 } from "../bytes.ts";
import { streamBytes } from "../crypto/stream.ts";
import { MAX_FILE_NAME } from "../wire/body.ts";
import { type Correspondent, MAX_ADDRESS, MAX_NAME, MAX_SUBJECT, readJson } from "../wire/header.ts";
import {
  claim,
  exactly,
  list,
  nullable,
  optional,
  type Parsed,
  record,
  type Shape,
  text,
  whole,
} from "../wire/shape.ts";

export interface PortalAttachment {
  /** From 1. A number is used for one file only in the life of a draft: it goes into the key. */
  readonly part: number;
  readonly name: string;
  readonly type: string;
  /** Bytes of the plaintext. */
  readonly size: number;
  /** Content-ID without its angle brackets. */
  readonly cid?: string;
  readonly inline: boolean;
  /** The ciphertext's pieces in Storage, in order, and the hash of the whole (base64); null where the parcel holds the bytes. */
  readonly uploaded: { readonly sha256: string; readonly objects: readonly string[] } | null;
}

export interface PortalMail {
  readonly v: 1;
  readonly kind: "reply" | "reply-all" | "new";
  /** The message that is answered. */
  readonly inReplyTo: string | null;
  /** Its Message-ID, which the server knows as a MAC only: the device has it out of the sealed header. */
  readonly originalMessageId: string | null;
  readonly to: readonly Correspondent[];
  readonly cc: readonly Correspondent[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** What the keys of uploaded attachments come from (32 bytes, base64); null without such. */
  readonly contentKey: string | null;
  readonly attachments: readonly PortalAttachment[];
}

/** People write to a few; who must reach hundreds has a mail client. */
export const MAX_RECIPIENTS = 100;
/** UTF-16 units of text and of html each; quoted mails are long. */
export const MAX_TEXT = 1_000_000;
/** A file up to this size travels inside the parcel, so that small ones need no upload. */
export const SMALL_ATTACHMENT_BYTES = 65_536;
/** Those together. */
export const SMALL_ATTACHMENTS_BYTES = 1_048_576;
/** What mail servers commonly pass on, as for mail that comes by SMTP. */
export const LARGEST_ATTACHMENT = 25_000_000;
export const LARGEST_ATTACHMENTS = 50_000_000;
const MOST_ATTACHMENTS = 100;
/** Ciphertext is uploaded in pieces of this size: what a lost network costs. */
export const PIECE_BYTES = 4_194_304;
const MOST_PIECES = Math.ceil(streamBytes(LARGEST_ATTACHMENT) / PIECE_BYTES);
const CONTENT_KEY_BYTES = 32;
const CONTENT_ID = /^[\w.!#$%&'*+/=?^`{|}~@-]+$/;

const correspondent: Shape<Correspondent> = record<Correspondent>({
  name: text(MAX_NAME),
  address: text(MAX_ADDRESS),
});

const attachment = record<PortalAttachment>({
  part: whole(1, 1_000),
  name: text(MAX_FILE_NAME),
  type: text(255),
  size: whole(0, LARGEST_ATTACHMENT),
  cid: optional(text(255)),
  inline: claim,
  uploaded: nullable(
    record<{ sha256: string; objects: string[] }>({
      sha256: text(44),
      objects: list(text(100), MOST_PIECES),
    }),
  ),
});

const shape = record<PortalMail>({
  v: exactly(1),
  kind: (value, path) =>
    value === "reply" || value === "reply-all" || value === "new"
      ? { kind: "parsed", value }
      : { kind: "malformed", what: path },
  inReplyTo: nullable(text(36)),
  originalMessageId: nullable(text(1_000)),
  to: list(correspondent, MAX_RECIPIENTS),
  cc: list(correspondent, MAX_RECIPIENTS),
  subject: text(MAX_SUBJECT),
  text: text(MAX_TEXT),
  html: nullable(text(MAX_TEXT)),
  contentKey: nullable(text(44)),
  attachments: list(attachment, MOST_ATTACHMENTS),
});

/** A portal mail out of a value of unknown origin. */
export function parsePortalMail(value: unknown): Parsed<PortalMail> {
  const read = shape(value, "mail");
  if (read.kind === "malformed") return read;
  const what = contradiction(read.value);
  return what === null ? read : { kind: "malformed", what };
}

export function decodePortalMail(bytes: Uint8Array): Parsed<PortalMail> {
  return parsePortalMail(readJson(bytes));
}

export function encodePortalMail(mail: PortalMail): Bytes {
  return utf8(JSON.stringify(mail));
}

/** What fits each field and yet makes no mail. */
function contradiction(mail: PortalMail): string | null {
  if ((mail.kind === "new") !== (mail.inReplyTo === null)) return "mail: an answer names what it answers";
  if (mail.inReplyTo !== null && !isUuid(mail.inReplyTo)) return "mail.inReplyTo";
  if (mail.originalMessageId !== null && !isMessageId(mail)) return "mail.originalMessageId";
  const recipients = mail.to.length + mail.cc.length;
  if (recipients < 1 || recipients > MAX_RECIPIENTS) return "mail: recipients";
  return attachmentsContradiction(mail);
}

/** In angle brackets, without blanks, as our reader of mails gives it; beside an answered message only. */
function isMessageId({ originalMessageId, inReplyTo }: PortalMail): boolean {
  return (
    inReplyTo !== null && /^<[\x21-\x3b\x3d\x3f-\x7e\u{80}-\u{10ffff}]+>$/u.test(originalMessageId ?? "")
  );
}

function attachmentsContradiction({ attachments, contentKey }: PortalMail): string | null {
  const parts = new Set(attachments.map(({ part }) => part));
  if (parts.size < attachments.length) return "mail: a part twice";
  const objects = attachments.flatMap(({ uploaded }) => uploaded?.objects ?? []);
  if (new Set(objects).size < objects.length) return "mail: an object twice";
  const uploads = attachments.filter(({ uploaded }) => uploaded !== null);
  if (contentKey === null ? uploads.length > 0 : fromB64(contentKey)?.length !== CONTENT_KEY_BYTES) {
    return "mail.contentKey";
  }
  const misfit = uploads.find(({ size, uploaded }) => uploaded?.objects.length !== piecesFor(size));
  if (misfit !== undefined) return "mail: pieces of an upload";
  if (attachments.some(({ cid }) => cid !== undefined && !CONTENT_ID.test(cid))) return "mail: a Content-ID";
  const inside = attachments.filter(({ uploaded }) => uploaded === null);
  if (inside.some(({ size }) => size > SMALL_ATTACHMENT_BYTES))
    return "mail: an attachment too large to be inside";
  if (total(inside) > SMALL_ATTACHMENTS_BYTES) return "mail: attachments too large to be inside";
  return total(attachments) > LARGEST_ATTACHMENTS ? "mail: attachments too large" : null;
}

function total(attachments: readonly PortalAttachment[]): number {
  return attachments.reduce((sum, { size }) => sum + size, 0);
}

/** How many pieces the ciphertext of so many bytes of plaintext is uploaded in. */
export function piecesFor(size: number): number {
  return Math.ceil(streamBytes(size) / PIECE_BYTES);
}

/** A ciphertext in the pieces that are uploaded. */
export function piecesOf(cipher: Uint8Array): Uint8Array[] {
  const count = Math.ceil(cipher.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, at) => cipher.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES));
}
