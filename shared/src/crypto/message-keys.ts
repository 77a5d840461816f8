/**
 * The two keys of a message, and how they travel to a mailbox: one HPKE encapsulation, two ciphertexts, the header key first, so
 * that a list can be read while the content key is still with the server. Key of a part: derived from the content key.
 */
import { type Bytes, utf8 } from "../bytes.ts";
import { PUBLIC_KEY_BYTES } from "./bare-key.ts";
import { context, unversioned, versioned } from "./context.ts";
import { forged, malformed, type Opened, opened } from "./opened.ts";
import type { KeyPair, Primitives } from "./primitives.ts";

/** Bytes of either key. */
export const MESSAGE_KEY_BYTES = 32;
const TAG_BYTES = 16;

/** Both keys of one message. They exist in the gateway while it seals, and in the page that shows the message. */
export interface MessageKeys {
  readonly messageId: string;
  readonly headerKey: Bytes;
  readonly contentKey: Bytes;
}

/** A mailbox as keys are sealed to it. Whoever builds one has checked the attestation of the public key. */
export interface MailboxKey {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly keyVersion: number;
}

/** A mailbox as its member opens with it. */
export interface OpenMailbox {
  readonly id: string;
  readonly keyPair: KeyPair;
  readonly keyVersion: number;
}

export interface SealedMessageKeys {
  readonly mailboxId: string;
  readonly keyVersion: number;
  /** 0x01, the encapsulation (65), the header key (48): 114 bytes. */
  readonly sealedHeaderKey: Bytes;
  /** 0x01, the content key (48): 49 bytes. Useless without sealedHeaderKey. */
  readonly sealedContentKey: Bytes;
}

export function makeMessageKeys(primitives: Primitives, messageId: string): MessageKeys {
  const random = primitives.randomBytes(2 * MESSAGE_KEY_BYTES);
  const headerKey = random.subarray(0, MESSAGE_KEY_BYTES);
  const contentKey = random.subarray(MESSAGE_KEY_BYTES);
  return { messageId, headerKey, contentKey };
}

/** Seals both keys to a mailbox, bound to the message, the mailbox and its key version. */
export async function sealMessageKeys(
  primitives: Primitives,
  keys: MessageKeys,
  mailbox: MailboxKey,
): Promise<SealedMessageKeys> {
  const bindings = bindingsOf(keys.messageId, mailbox);
  const { enc, seals } = await primitives.hpkeSeal({
    to: mailbox.publicKey,
    info: bindings.info,
    plains: [
      { aad: bindings.header, plain: keys.headerKey },
      { aad: bindings.content, plain: keys.contentKey },
    ],
  });
  const [header, content] = seals;
  if (header === undefined || content === undefined) throw new Error("HPKE sealed fewer keys than given");
  return {
    mailboxId: mailbox.id,
    keyVersion: mailbox.keyVersion,
    sealedHeaderKey: versioned(enc, header),
    sealedContentKey: versioned(content),
  };
}

/** The header key alone: enough for a list. */
export async function openHeaderKey(
  primitives: Primitives,
  mailbox: OpenMailbox,
  sealed: { readonly messageId: string; readonly sealedHeaderKey: Uint8Array },
): Promise<Opened<Bytes>> {
  const header = splitHeaderKey(sealed.sealedHeaderKey);
  if (header.kind !== "opened") return header;
  const bindings = bindingsOf(sealed.messageId, mailbox);
  const keys = await primitives.hpkeOpen({
    to: mailbox.keyPair,
    enc: header.value.enc,
    info: bindings.info,
    seals: [{ aad: bindings.header, sealed: header.value.sealed }],
  });
  return keys?.[0] === undefined ? forged("header key") : opened(keys[0]);
}

/** Both keys, once the server has released the second. */
export async function openMessageKeys(
  primitives: Primitives,
  mailbox: OpenMailbox,
  sealed: {
    readonly messageId: string;
    readonly sealedHeaderKey: Uint8Array;
    readonly sealedContentKey: Uint8Array;
  },
): Promise<Opened<MessageKeys>> {
  const header = splitHeaderKey(sealed.sealedHeaderKey);
  if (header.kind !== "opened") return header;
  const content = unversioned(sealed.sealedContentKey, "content key");
  if (content.kind !== "opened") return content;
  const bindings = bindingsOf(sealed.messageId, mailbox);
  const keys = await primitives.hpkeOpen({
    to: mailbox.keyPair,
    enc: header.value.enc,
    info: bindings.info,
    seals: [
      { aad: bindings.header, sealed: header.value.sealed },
      { aad: bindings.content, sealed: content.value },
    ],
  });
  const [headerKey, contentKey] = keys ?? [];
  if (headerKey === undefined || contentKey === undefined) return forged("message keys");
  return opened({ messageId: sealed.messageId, headerKey, contentKey });
}

/** What one part is encrypted with: 32 bytes of key and a nonce prefix, from the content (or header) key. */
export async function derivePartKey(
  primitives: Primitives,
  part: {
    readonly messageId: string;
    readonly key: Uint8Array;
    readonly role: PartRole;
    readonly part: number;
  },
): Promise<{ readonly key: Bytes; readonly nonce: Bytes }> {
  const derived = await primitives.hkdfSha256({
    secret: part.key,
    salt: utf8(part.messageId),
    info: context("part-key", part.role, part.part),
    length: MESSAGE_KEY_BYTES + NONCE_BYTES,
  });
  return { key: derived.slice(0, MESSAGE_KEY_BYTES), nonce: derived.slice(MESSAGE_KEY_BYTES) };
}

/** What a part is. The header is under the header key, the others are under the content key. */
export type PartRole = "header" | "body" | "attachment";

/** AES-GCM's. A key is used for one part only, so its nonce may come from the same derivation. */
export const NONCE_BYTES = 12;

function splitHeaderKey(blob: Uint8Array): Opened<{ enc: Uint8Array; sealed: Uint8Array }> {
  const bare = unversioned(blob, "header key");
  if (bare.kind !== "opened") return bare;
  const enc = bare.value.subarray(0, PUBLIC_KEY_BYTES);
  const sealed = bare.value.subarray(PUBLIC_KEY_BYTES);
  return sealed.length === MESSAGE_KEY_BYTES + TAG_BYTES ? opened({ enc, sealed }) : malformed("header key");
}

function bindingsOf(messageId: string, mailbox: { readonly id: string; readonly keyVersion: number }) {
  const place = [messageId, mailbox.id, mailbox.keyVersion] as const;
  return {
    info: context("keys", ...place),
    header: context("header-key", ...place),
    content: context("content-key", ...place),
  };
}
