/**
 * Attachments: each a STREAM under its own key, derived from the content key, message and part number. The hash of the whole
 * ciphertext is signed with the message, and checked before a byte is decrypted.
 */
import { type Bytes, equalBytes } from "../bytes.ts";
import { context } from "./context.ts";
import { derivePartKey, type MessageKeys } from "./message-keys.ts";
import { forged, malformed, type Opened, opened } from "./opened.ts";
import type { Primitives } from "./primitives.ts";
import { type ByteSource, gather, openStream, type StreamKey, sealStream, streamBytes } from "./stream.ts";

/** The content key of a message, to open its parts with. */
export type ContentKey = Pick<MessageKeys, "messageId" | "contentKey">;

/** What is known of a sealed attachment once its last byte has gone by. */
export interface SealedSize {
  readonly sha256: Bytes;
  /** Bytes of the plaintext, and of the ciphertext. */
  readonly size: number;
  readonly cipherBytes: number;
}

/** An attachment that is being sealed: consume `chunks` to the end, then `sealed()`, which throws before that. */
export interface SealingAttachment {
  readonly chunks: AsyncIterable<Bytes>;
  sealed(): SealedSize;
}

/** Seals an attachment as it flows in. `part` counts from 1; a number is used once in a message. */
export async function sealAttachmentStream(
  primitives: Primitives,
  keys: ContentKey,
  attachment: { readonly part: number; readonly plain: ByteSource },
): Promise<SealingAttachment> {
  const key = await streamKey(primitives, keys, attachment.part);
  const hash = await primitives.startSha256();
  let size = 0;
  let cipherBytes = 0;
  let finished: SealedSize | undefined;
  async function* measured(plain: ByteSource): AsyncGenerator<Uint8Array> {
    for await (const piece of plain) {
      size += piece.length;
      yield piece;
    }
  }
  async function* chunks(): AsyncGenerator<Bytes> {
    for await (const chunk of sealStream(key, measured(attachment.plain))) {
      hash.update(chunk);
      cipherBytes += chunk.length;
      yield chunk;
    }
    finished = { sha256: hash.digest(), size, cipherBytes };
  }
  return {
    chunks: chunks(),
    sealed: () => {
      if (finished === undefined) throw new Error("the attachment has not been sealed to its end");
      return finished;
    },
  };
}

/** Seals an attachment that is in memory. */
export async function sealAttachment(
  primitives: Primitives,
  keys: ContentKey,
  attachment: { readonly part: number; readonly bytes: Uint8Array },
): Promise<SealedSize & { readonly cipher: Bytes }> {
  const { part, bytes } = attachment;
  const sealing = await sealAttachmentStream(primitives, keys, { part, plain: [bytes] });
  const cipher = await gather(sealing.chunks);
  return { ...sealing.sealed(), cipher };
}

/** Opens an attachment whose hash and size the message's signature has vouched for; `onBytes` is told of progress. */
export async function openAttachment(
  primitives: Primitives,
  keys: ContentKey,
  attachment: {
    readonly part: number;
    readonly cipher: Uint8Array;
    readonly sha256: Uint8Array;
    readonly size: number;
    readonly onBytes?: (plainBytes: number) => void;
  },
): Promise<Opened<Bytes>> {
  const { part, cipher, size, onBytes } = attachment;
  if (cipher.length === 0) return malformed("attachment");
  if (cipher.length !== streamBytes(size)) return forged("attachment");
  if (!equalBytes(await primitives.sha256(cipher), attachment.sha256)) return forged("attachment");
  const key = await streamKey(primitives, keys, part);
  const plain = new Uint8Array(size);
  let at = 0;
  for await (const chunk of openStream(key, [cipher], "attachment")) {
    if (chunk.kind !== "chunk") return chunk;
    plain.set(chunk.bytes, at);
    at += chunk.bytes.length;
    onBytes?.(at);
  }
  return opened(plain);
}

async function streamKey(primitives: Primitives, keys: ContentKey, part: number): Promise<StreamKey> {
  const { messageId, contentKey } = keys;
  const derived = await derivePartKey(primitives, { messageId, key: contentKey, role: "attachment", part });
  return {
    aead: await primitives.importAead(derived.key),
    nonce: derived.nonce,
    place: context("attachment", messageId, part),
  };
}
