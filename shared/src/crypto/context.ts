/**
 * Contexts: the bytes that bind a ciphertext or signature to its one place (info, associated data, signed bytes), and the
 * version byte in front of everything.
 *
 * No two different lists of fields give the same bytes: each field carries its length. A label says what it is for, so that
 * nothing made for one purpose serves another.
 */
import { type Bytes, concatBytes } from "../bytes.ts";
import { malformed, type Opened, opened, unknownVersion } from "./opened.ts";

/** The version of every sealed shape in this room. */
export const VERSION = 0x01;

/** A text (UTF-8), a whole number of at most 2^53, or bytes. Ids are given in lower case, as PostgreSQL prints them. */
export type Field = string | number | Uint8Array;

const encoder = new TextEncoder();

/** `sealpost/v1/<label>` and the fields, each after its length (4 bytes, big endian). */
export function context(label: string, ...fields: readonly Field[]): Bytes {
  const all: readonly Field[] = [`sealpost/v1/${label}`, ...fields];
  const bytes = new Uint8Array(all.reduce<number>((sum, field) => sum + 4 + mostBytes(field), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of all) {
    const length = write(field, bytes.subarray(at + 4));
    view.setUint32(at, length);
    at += 4 + length;
  }
  return bytes.subarray(0, at);
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

/** UTF-8 needs at most three bytes for each UTF-16 unit. */
function mostBytes(field: Field): number {
  if (typeof field === "string") return field.length * 3;
  return typeof field === "number" ? 8 : field.length;
}

function write(field: Field, into: Bytes): number {
  if (typeof field === "string") return encoder.encodeInto(field, into).written;
  if (typeof field === "number") {
    new DataView(into.buffer, into.byteOffset).setBigUint64(0, BigInt(field));
    return 8;
  }
  into.set(field);
  return field.length;
}
