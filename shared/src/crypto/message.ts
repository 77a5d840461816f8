/**
 * A whole message: sealed by the gateway to all its mailboxes, opened by a device, which believes nothing that the deployment has
 * not signed.
 */
import type { Bytes } from "../bytes.ts";
import { decodeBody, encodeBody, type MessageBody } from "../wire/body.ts";
import type { Controls } from "../wire/controls.ts";
import { decodeHeader, encodeHeader, type MessageHeader } from "../wire/header.ts";
import {
  type MailboxKey,
  type MessageKeys,
  type OpenMailbox,
  openHeaderKey,
  openMessageKeys,
  type SealedMessageKeys,
  sealMessageKeys,
} from "./message-keys.ts";
import { forged, malformed, type Opened, opened, type Unreadable } from "./opened.ts";
import { openPart, sealPart } from "./parts.ts";
import type { Primitives, SigningKey } from "./primitives.ts";
import { attachmentsDigest, type SignedAttachment, signMessage, verifyMessage } from "./signature.ts";

/** What never changes in a message, beside its ciphertexts. */
export interface MessageFacts {
  readonly deploymentId: string;
  readonly ownerAccountId: string;
  readonly threadId: string;
  readonly createdAtMs: number;
  readonly latestExpiryMs: number | null;
  readonly controls: Controls;
}

export interface MessageToSeal {
  readonly facts: MessageFacts;
  /** Of `makeMessageKeys`; the attachments were sealed under them. */
  readonly keys: MessageKeys;
  readonly header: MessageHeader;
  readonly body: MessageBody;
  readonly attachments: readonly SignedAttachment[];
  /** Whose public keys were checked against their attestations. */
  readonly mailboxes: readonly MailboxKey[];
}

export interface SealedMessage {
  readonly header: Bytes;
  readonly body: Bytes;
  readonly signature: Bytes;
  /** What a list needs besides, to verify a header: hash of the body, and of the attachments. */
  readonly bodySha256: Bytes;
  readonly attachmentsSha256: Bytes;
  readonly sealedKeys: readonly SealedMessageKeys[];
}

/** Seals header, body and keys, and signs. Attachments are sealed before (`sealAttachment`), as they flow. */
export async function sealMessage(
  primitives: Primitives,
  signingKey: SigningKey,
  message: MessageToSeal,
): Promise<SealedMessage> {
  const { keys, facts } = message;
  const { messageId, headerKey, contentKey } = keys;
  const header = await sealPart(
    primitives,
    { messageId, role: "header", key: headerKey },
    encodeHeader(message.header),
  );
  const body = await sealPart(
    primitives,
    { messageId, role: "body", key: contentKey },
    encodeBody(message.body),
  );
  const hashes = {
    headerSha256: await primitives.sha256(header),
    bodySha256: await primitives.sha256(body),
    attachmentsSha256: await attachmentsDigest(primitives, message.attachments),
  };
  const signature = await signMessage(primitives, signingKey, { ...facts, messageId, ...hashes });
  const sealedKeys: SealedMessageKeys[] = [];
  for (const mailbox of message.mailboxes) sealedKeys.push(await sealMessageKeys(primitives, keys, mailbox));
  const { bodySha256, attachmentsSha256 } = hashes;
  return { header, body, signature, bodySha256, attachmentsSha256, sealedKeys };
}

/** Opens the header of a row in a list: authentic to the mailbox's key, not yet verified against the signature. */
export async function openListedHeader(
  primitives: Primitives,
  mailbox: OpenMailbox,
  row: { readonly messageId: string; readonly sealedHeaderKey: Uint8Array; readonly header: Uint8Array },
): Promise<Opened<MessageHeader>> {
  const key = await openHeaderKey(primitives, mailbox, row);
  if (key.kind !== "opened") return key;
  return await openHeader(primitives, { messageId: row.messageId, headerKey: key.value }, row.header);
}

/** A message as the server released it to a device. */
export interface ReleasedMessage {
  readonly facts: MessageFacts;
  readonly messageId: string;
  /** As the database says now; the earlier of this and the signed latest expiry counts. */
  readonly expiresAtMs: number | null;
  readonly sealedHeaderKey: Uint8Array;
  readonly sealedContentKey: Uint8Array;
  readonly header: Uint8Array;
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  readonly attachments: readonly SignedAttachment[];
}

/** What a device may show, and until when. `keys` open the attachments. */
export interface OpenedMessage {
  readonly keys: MessageKeys;
  readonly header: MessageHeader;
  readonly body: MessageBody;
  readonly attachments: readonly SignedAttachment[];
  readonly controls: Controls;
  /** Milliseconds since 1970; null: never. */
  readonly endsAtMs: number | null;
}

/**
 * Verifies the signature first, then opens. Expired by the earlier of `expires_at` and the signed latest expiry, whatever the
 * server thinks of it.
 */
export async function openMessage(
  primitives: Primitives,
  device: {
    /** Pinned, from the portal's static configuration. */
    readonly signingPublicKey: Uint8Array;
    readonly mailbox: OpenMailbox;
    readonly nowMs: number;
  },
  message: ReleasedMessage,
): Promise<{ kind: "opened"; value: OpenedMessage } | { kind: "expired"; atMs: number } | Unreadable> {
  if (!hasWholeNumbers(message)) return malformed("message");
  const unsigned = await verifyReleased(primitives, device.signingPublicKey, message);
  if (unsigned !== undefined) return unsigned;
  const endsAtMs = earlier(message.expiresAtMs, message.facts.latestExpiryMs);
  if (endsAtMs !== null && endsAtMs <= device.nowMs) return { kind: "expired", atMs: endsAtMs };
  const keys = await openMessageKeys(primitives, device.mailbox, message);
  if (keys.kind !== "opened") return keys;
  const header = await openHeader(primitives, keys.value, message.header);
  if (header.kind !== "opened") return header;
  const body = await openBody(primitives, keys.value, message.body);
  if (body.kind !== "opened") return body;
  if (!sameAttachments(body.value, message.attachments)) return forged("attachments");
  const { attachments } = message;
  const { controls } = message.facts;
  const value = { keys: keys.value, header: header.value, body: body.value, attachments, controls, endsAtMs };
  return opened(value);
}

/** Times and sizes of hostile JSON may be anything that TypeScript calls a number; the signed bytes hold whole ones. */
function hasWholeNumbers(message: ReleasedMessage): boolean {
  const { createdAtMs, latestExpiryMs } = message.facts;
  const { expiresAtMs, attachments } = message;
  const sizes = attachments.flatMap(({ part, size }) => [part, size]);
  const numbers = [createdAtMs, latestExpiryMs ?? 0, expiresAtMs ?? 0, ...sizes];
  return numbers.every((number) => Number.isSafeInteger(number) && number >= 0);
}

async function verifyReleased(
  primitives: Primitives,
  signingPublicKey: Uint8Array,
  message: ReleasedMessage,
): Promise<Unreadable | undefined> {
  const signed = {
    ...message.facts,
    messageId: message.messageId,
    headerSha256: await primitives.sha256(message.header),
    bodySha256: await primitives.sha256(message.body),
    attachmentsSha256: await attachmentsDigest(primitives, message.attachments),
  };
  const verified = await verifyMessage(primitives, signingPublicKey, {
    signed,
    signature: message.signature,
  });
  return verified.kind === "opened" ? undefined : verified;
}

async function openHeader(
  primitives: Primitives,
  keys: Pick<MessageKeys, "messageId" | "headerKey">,
  sealed: Uint8Array,
): Promise<Opened<MessageHeader>> {
  const part = { messageId: keys.messageId, role: "header", key: keys.headerKey } as const;
  const plain = await openPart(primitives, part, sealed);
  if (plain.kind !== "opened") return plain;
  const header = decodeHeader(plain.value);
  return header.kind === "parsed" ? opened(header.value) : header;
}

async function openBody(
  primitives: Primitives,
  keys: MessageKeys,
  sealed: Uint8Array,
): Promise<Opened<MessageBody>> {
  const part = { messageId: keys.messageId, role: "body", key: keys.contentKey } as const;
  const plain = await openPart(primitives, part, sealed);
  if (plain.kind !== "opened") return plain;
  const body = decodeBody(plain.value);
  return body.kind === "parsed" ? opened(body.value) : body;
}

/** The body names each attachment that was signed, with its size, and no other. */
function sameAttachments(body: MessageBody, attachments: readonly SignedAttachment[]): boolean {
  const sizes = new Map(attachments.map(({ part, size }) => [part, size]));
  if (sizes.size !== attachments.length || body.attachments.length !== attachments.length) return false;
  return body.attachments.every(({ part, size }) => sizes.get(part) === size);
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
