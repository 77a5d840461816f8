/**
 * By what a mail is known again, without keeping anything of it: HMACs under the deployment's MAC key.
 *
 * A retry, and the halves of a mail that the sending server split over several transactions, have the same identity: it is
 * made of sender, Message-ID and body, and not of recipients or trace headers. [Note: Retries meet]
 */
import { createHmac, hash, type KeyObject } from "node:crypto";
import { context } from "@sealpost/shared/crypto/context.ts";
import type { Mail } from "@sealpost/shared/mail.ts";

/** What identifies a mail. `sender` is normalised. */
export type IdentifiedMail = {
  readonly sender: string;
  readonly mail: Pick<Mail, "messageId" | "date" | "subject" | "from" | "to" | "cc">;
  readonly raw: Buffer;
};

/** 32 bytes, the same for each arrival of one mail. Date and headers stand in for a missing Message-ID. */
export function mailMac(macKey: KeyObject, { sender, mail, raw }: IdentifiedMail): Buffer {
  const name = mail.messageId ?? standIn(mail);
  const bodySha256 = hash("sha256", bodyOf(raw), "buffer");
  return hmac(macKey, context("mail", sender, name, bodySha256));
}

/** 32 bytes for a Message-ID, with its angle brackets. */
export function messageIdMac(macKey: KeyObject, messageId: string): Buffer {
  return hmac(macKey, context("message-id", messageId));
}

/** 32 bytes for the copy of a held mail that reviewers read, which is no part of the mail's own deliveries. */
export function reviewMac(macKey: KeyObject, mac: Uint8Array, heldId: string): Buffer {
  return hmac(macKey, context("review", mac, heldId));
}

/** The thread that a mail begins: derived, so that the halves of a split mail are in one. A UUID of version 8 (RFC 9562). */
export function newThreadId(macKey: KeyObject, mac: Uint8Array): string {
  const bytes = hmac(macKey, context("thread", mac)).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function standIn(mail: IdentifiedMail["mail"]): string {
  const people = [mail.from, mail.to, mail.cc].map((list) => list.map(({ address }) => address));
  return JSON.stringify([mail.date?.toISOString() ?? null, mail.subject, people]);
}

/** Everything after the first empty line. */
function bodyOf(raw: Buffer): Buffer {
  const crlf = raw.indexOf("\r\n\r\n");
  const lf = raw.indexOf("\n\n");
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return raw.subarray(crlf + 4);
  return lf < 0 ? Buffer.alloc(0) : raw.subarray(lf + 2);
}

function hmac(key: KeyObject, bytes: Uint8Array): Buffer {
  return createHmac("sha256", key).update(bytes).digest();
}
