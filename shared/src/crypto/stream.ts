/**
 * STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015): a long plaintext as chunks that each authenticate themselves, their
 * number and whether they are the last. So it can be sealed and opened as it flows, and no chunk can be dropped, doubled, moved
 * or cut off unnoticed.
 *
 * Format: 0x01, then chunks of 64 KiB of plaintext (the last one shorter), each 16 bytes longer as ciphertext. The nonce is 7 bytes
 * that are derived with the key, the chunk's number (4), and 1 for the last, 0 for the others. Only an empty plaintext has an
 * empty last chunk, so that every plaintext has one length as ciphertext.
 */
import { type Bytes, concatBytes } from "../bytes.ts";
import { VERSION } from "./context.ts";
import { forged, malformed, type Unreadable, unknownVersion } from "./opened.ts";
import type { Aead } from "./primitives.ts";

/** Plaintext bytes of every chunk but the last. */
export const CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const PREFIX_BYTES = 7;

/** A key that seals one plaintext once: `nonce` (12 bytes, of which STREAM takes 7) comes out of the derivation of its key. */
export interface StreamKey {
  readonly aead: Aead;
  readonly nonce: Uint8Array;
  /** Where the plaintext belongs; never empty. */
  readonly place: Uint8Array;
}

export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Bytes of the ciphertext of so many bytes of plaintext. */
export function streamBytes(plainBytes: number): number {
  return 1 + plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES));
}

/** Seals what flows in, in pieces of any size; holds one chunk. */
export async function* sealStream(key: StreamKey, plain: ByteSource): AsyncGenerator<Bytes> {
  yield Uint8Array.of(VERSION);
  let number = 0;
  for await (const { chunk, last } of chunked(plain, CHUNK_BYTES)) {
    yield await key.aead.seal(nonceOf(key, number, last), key.place, chunk);
    number += 1;
  }
}

/** One piece of an opened stream, or why there is no more. After an unreadable piece nothing follows. */
export type OpenedChunk = { kind: "chunk"; bytes: Bytes } | Unreadable;

/**
 * Opens what flows in, in pieces of any size; holds one chunk. What was given out before an unreadable piece is authentic, but not
 * the whole: whoever consumes it must not treat it as such.
 */
export async function* openStream(
  key: StreamKey,
  sealed: ByteSource,
  what: string,
): AsyncGenerator<OpenedChunk> {
  let number = 0;
  for await (const piece of chunked(sealed, SEALED_CHUNK_BYTES, 1)) {
    if (piece.head !== undefined && piece.head[0] !== VERSION) {
      yield piece.head.length === 0 ? malformed(what) : unknownVersion(what);
      return;
    }
    const bytes = await openChunk(key, piece, number);
    if (bytes === undefined) {
      yield forged(what);
      return;
    }
    yield { kind: "chunk", bytes };
    number += 1;
  }
}

async function openChunk(key: StreamKey, piece: Piece, number: number): Promise<Bytes | undefined> {
  const empty = piece.chunk.length <= TAG_BYTES;
  if (empty && number > 0) return undefined;
  return await key.aead.open(nonceOf(key, number, piece.last), key.place, piece.chunk);
}

interface Piece {
  readonly chunk: Uint8Array;
  readonly last: boolean;
  /** The bytes in front of the first chunk; on the first piece only. */
  readonly head?: Uint8Array;
}

/** Cuts a flow into chunks of one size; the last may be shorter. Gives at least one, so that nothing at all is an empty chunk. */
async function* chunked(source: ByteSource, size: number, headBytes = 0): AsyncGenerator<Piece> {
  const pending = new Pending();
  let head: Uint8Array | undefined;
  const withHead = (piece: Piece): Piece => {
    const first = head === undefined ? piece : { ...piece, head };
    head = undefined;
    return first;
  };
  let headTaken = headBytes === 0;
  for await (const bytes of source) {
    pending.push(bytes);
    if (!headTaken && pending.length >= headBytes) {
      head = pending.take(headBytes);
      headTaken = true;
    }
    while (headTaken && pending.length > size) yield withHead({ chunk: pending.take(size), last: false });
  }
  if (!headTaken) head = pending.take(pending.length);
  yield withHead({ chunk: pending.take(pending.length), last: true });
}

/** Bytes that arrived and were not yet taken; copied only where what is taken spans several pieces. */
class Pending {
  #pieces: Uint8Array[] = [];
  #offset = 0;
  length = 0;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.length += bytes.length;
  }

  take(count: number): Uint8Array {
    const taken: Uint8Array[] = [];
    let missing = count;
    let used = 0;
    while (missing > 0) {
      const piece = this.#pieces[used]?.subarray(this.#offset, this.#offset + missing) ?? new Uint8Array();
      taken.push(piece);
      missing -= piece.length;
      this.#offset += piece.length;
      if (this.#offset < (this.#pieces[used]?.length ?? 0)) break;
      used += 1;
      this.#offset = 0;
    }
    this.#pieces.splice(0, used);
    this.length -= count;
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : concatBytes(...taken);
  }
}

function nonceOf(key: StreamKey, number: number, last: boolean): Bytes {
  const nonce = new Uint8Array(PREFIX_BYTES + 5);
  nonce.set(key.nonce.subarray(0, PREFIX_BYTES));
  new DataView(nonce.buffer).setUint32(PREFIX_BYTES, number);
  nonce[nonce.length - 1] = last ? 1 : 0;
  return nonce;
}

/** Everything a flow gives, as one run of bytes. */
export async function gather(source: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return concatBytes(...parts);
}
