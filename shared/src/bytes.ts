/**
 * Bytes and their spellings: base64, PostgreSQL's hex, UTF-8, UUIDs.
 *
 * Pure, and the same in Node, Deno and browsers. Decoders of text that others wrote answer undefined, they do not throw.
 */

/** Bytes that nobody else shares: what WebCrypto takes and gives. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** More characters than this in one `String.fromCharCode` call would overflow the stack of some engines. */
const CHARACTERS_AT_ONCE = 0x8000;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const BASE64_URL = /^[A-Za-z0-9_-]*$/;
const PG_HEX = /^\\x(?:[0-9a-f]{2})*$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** UTF-8 of a text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes, or undefined where they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Standard base64 with padding. */
export function toB64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHARACTERS_AT_ONCE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS_AT_ONCE));
  }
  return btoa(binary);
}

/** Bytes of standard, padded base64 (line breaks allowed, as PostgreSQL's `encode` makes them), or undefined. */
export function fromB64(text: string): Bytes | undefined {
  const oneLine = text.includes("\n") ? text.replaceAll(/\r?\n/g, "") : text;
  if (!BASE64.test(oneLine)) return undefined;
  return fromBinary(atob(oneLine));
}

/** Base64 for URLs and headers, without padding (RFC 4648 section 5). */
export function toB64Url(bytes: Uint8Array): string {
  return toB64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Bytes of unpadded base64url, or undefined. */
export function fromB64Url(text: string): Bytes | undefined {
  if (!BASE64_URL.test(text)) return undefined;
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromB64(standard.padEnd(Math.ceil(standard.length / 4) * 4, "="));
}

/** PostgreSQL's bytea as text: `\x…`. */
export function toPgHex(bytes: Uint8Array): string {
  let hex = "\\x";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

/** Bytes of PostgreSQL's `\x…`, or undefined. */
export function fromPgHex(text: string): Bytes | undefined {
  if (!PG_HEX.test(text)) return undefined;
  return fromHex(text.slice(2));
}

/** One run of bytes out of several. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether two runs of bytes are the same, in a time that depends on their length only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

/** Whether a text is a UUID as PostgreSQL prints it. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The 16 bytes of a UUID. Throws a RangeError for anything else: ids are parsed where they enter. */
export function uuidBytes(id: string): Bytes {
  if (!isUuid(id)) throw new RangeError("not a UUID");
  return fromHex(id.replaceAll("-", ""));
}

function fromBinary(binary: string): Bytes {
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function fromHex(hex: string): Bytes {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
