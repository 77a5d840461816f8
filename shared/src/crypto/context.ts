/**
 * Contexts: the bytes that bind a ciphertext or signature to its one place (info, associated data, signed bytes), and the
 * version byte in front of everything.
 *
 * No two different lists of fields give the same bytes: each field carries its length. A label says what it is for, so that
 * nothing made for one purpose serves another.
 */
import { type Bytes, concatBytes, utf8 } from "../bytes.ts";
import { malformed, type Opened, opened, unknownVersion } from "./opened.ts";

/** The version of every sealed shape in this room. */
export const VERSION = 0x01;

/** A text (UTF-8), a whole number of at most 2^53, or bytes. Ids are given in lower case, as PostgreSQL prints them. */
export type Field = string | number | Uint8Array;

/** `sealpost/v1/<label>` and the fields, each after its length (4 bytes, big endian). */
export function context(label: string, ...fields: readonly Field[]): Bytes {
  const parts: Uint8Array[] = [];
  for (const field of [`sealpost/v1/${label}`, ...fields]) {
    const bytes = fieldBytes(field);
    parts.push(uint32(bytes.length), bytes);
  }
  return concatBytes(...parts);
}

/** The version byte, then the parts. */
export function versioned(...parts: readonly Uint8Array[]): Bytes {
  return concatBytes(Uint8Array.of(VERSION), ...parts);
}

/** What stands after the version byte; `what` names the thing in the answer when there is no such version. */
export function unversioned(blob: Uint8Array, what: string): Opened<Uint8Array> {
  if (blob.length === 0) return malformed(what);
  if (blob[0] !== VERSION) return unknownVersion(what);
  return opened(blob.subarray(1));
}

function fieldBytes(field: Field): Uint8Array {
  if (typeof field === "string") return utf8(field);
  if (typeof field === "number") return uint64(field);
  return field;
}

function uint32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function uint64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
