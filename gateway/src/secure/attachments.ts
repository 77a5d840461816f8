/**
 * The attachments of a secured mail: small ones sealed to lie beside the message, large ones sealed as they flow to Storage.
 */
import { sealAttachment, sealAttachmentStream } from "@sealpost/shared/crypto/attachment.ts";
import type { MessageKeys } from "@sealpost/shared/crypto/message-keys.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import type { SignedAttachment } from "@sealpost/shared/crypto/signature.ts";
import { streamBytes } from "@sealpost/shared/crypto/stream.ts";
import type { Attachment } from "@sealpost/shared/mail.ts";
import { largestAttachment, largestAttachments } from "../arrival/limits.ts";
import type { Storage } from "./storage.ts";

export type SealedAttachment = SignedAttachment & {
  readonly cipherBytes: number;
  readonly place:
    | { readonly kind: "inline"; readonly offset: number }
    | { readonly kind: "object"; readonly name: string };
};

export type SealedAttachments = {
  readonly list: readonly SealedAttachment[];
  /** The ciphertexts of the inline ones, one after the other; null for none. */
  readonly inline: Buffer | null;
};

/** A sentence for the sender where the attachments are too large, null where they are not. */
export function tooLarge(attachments: readonly Attachment[]): string | null {
  let total = 0;
  for (const { size } of attachments) {
    if (size > largestAttachment) return `An attachment has more than ${largestAttachment / 1e6} MB.`;
    total += size;
  }
  return total > largestAttachments
    ? `The attachments have more than ${largestAttachments / 1e6} MB together.`
    : null;
}

export type Ports = {
  readonly primitives: Primitives;
  readonly storage: Storage;
  readonly newId: () => string;
  readonly inlineBytes: number;
};

/** Seals all of them; large ones are in Storage when this resolves. Throws StorageAway. */
export async function sealAttachments(
  ports: Ports,
  keys: MessageKeys,
  attachments: readonly Attachment[],
): Promise<SealedAttachments> {
  const list: SealedAttachment[] = [];
  const inline: Uint8Array[] = [];
  let offset = 0;
  for (const [index, attachment] of attachments.entries()) {
    const part = index + 1;
    const id = ports.newId();
    if (streamBytes(attachment.size) > ports.inlineBytes) {
      list.push({ id, part, ...(await sealToStorage(ports, keys, part, attachment)) });
      continue;
    }
    const bytes = attachment.content();
    const { cipher, sha256, size, cipherBytes } = await sealAttachment(ports.primitives, keys, {
      part,
      bytes,
    });
    list.push({ id, part, sha256, size, cipherBytes, place: { kind: "inline", offset } });
    inline.push(cipher);
    offset += cipherBytes;
  }
  return { list, inline: inline.length === 0 ? null : Buffer.concat(inline) };
}

async function sealToStorage(
  { primitives, storage }: Ports,
  keys: MessageKeys,
  part: number,
  attachment: Attachment,
): Promise<Omit<SealedAttachment, "id" | "part">> {
  const plain = slices(attachment.content());
  const sealing = await sealAttachmentStream(primitives, keys, { part, plain });
  const name = await storage.upload(streamBytes(attachment.size), sealing.chunks);
  const { sha256, size, cipherBytes } = sealing.sealed();
  return { sha256, size, cipherBytes, place: { kind: "object", name } };
}

const sliceBytes = 65_536;

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}
