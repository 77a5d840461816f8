/**
 * Header and body of a message as ciphertexts: 0x01, then AES-256-GCM under the part's own key.
 */
import type { Bytes } from "../bytes.ts";
import { context, unversioned, versioned } from "./context.ts";
import { derivePartKey } from "./message-keys.ts";
import { forged, type Opened, opened } from "./opened.ts";
import type { Primitives } from "./primitives.ts";

/** Under which key which part of which message. */
export interface WholePart {
  readonly messageId: string;
  readonly role: "header" | "body";
  /** The header key for the header, the content key for the body. */
  readonly key: Uint8Array;
}

export async function sealPart(primitives: Primitives, part: WholePart, plain: Uint8Array): Promise<Bytes> {
  const { key, nonce } = await derivePartKey(primitives, { ...part, part: 0 });
  const aead = await primitives.importAead(key);
  return versioned(await aead.seal(nonce, placeOf(part), plain));
}

export async function openPart(
  primitives: Primitives,
  part: WholePart,
  sealed: Uint8Array,
): Promise<Opened<Bytes>> {
  const bare = unversioned(sealed, part.role);
  if (bare.kind !== "opened") return bare;
  const { key, nonce } = await derivePartKey(primitives, { ...part, part: 0 });
  const aead = await primitives.importAead(key);
  const plain = await aead.open(nonce, placeOf(part), bare.value);
  return plain === undefined ? forged(part.role) : opened(plain);
}

function placeOf(part: WholePart): Bytes {
  return context("part", part.messageId, part.role);
}
