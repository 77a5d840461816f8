/**
 * MAPI properties inside winmail.dat ([MS-OXTNEF] 2.1.3.3): the few that a reader of the mail needs.
 */
import { decodeCharset } from "../charset.ts";

/** A property's value: bytes for strings, binaries and objects, a number for integers. */
export type Property = { type: number; value: Buffer | number };

export const PROPERTY = {
  body: 0x1000,
  compressedRtf: 0x1009,
  html: 0x1013,
  attachmentData: 0x3701,
  attachmentName: 0x3704,
  attachmentLongName: 0x3707,
  attachmentType: 0x370e,
  contentId: 0x3712,
  displayName: 0x3001,
  codePage: 0x3fde,
} as const;

const MULTI_VALUE = 0x1000;
const NAMED_FROM = 0x8000;
const STRING_8 = 0x1e;
const UNICODE = 0x1f;
const OBJECT = 0x0d;
const BINARY = 0x102;
const FIXED_SIZES: ReadonlyMap<number, number> = new Map([
  [0x02, 4],
  [0x03, 4],
  [0x04, 4],
  [0x05, 8],
  [0x06, 8],
  [0x07, 8],
  [0x0a, 4],
  [0x0b, 4],
  [0x14, 8],
  [0x40, 8],
  [0x48, 16],
]);

export type Properties = { values: ReadonlyMap<number, Property>; damaged: boolean };

/** Reads all properties by their id; stops where the bytes make no sense or end too early. */
export function readProperties(bytes: Buffer): Properties {
  const values = new Map<number, Property>();
  const cursor = new Cursor(bytes);
  try {
    for (let left = cursor.uint32(); left > 0; left--) {
      const type = cursor.uint16();
      const id = cursor.uint16();
      if (id >= NAMED_FROM) skipName(cursor);
      const value = readValues(cursor, type);
      if (value === null) return { values, damaged: true };
      if (!values.has(id)) values.set(id, { type: type & ~MULTI_VALUE, value });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { values, damaged: true };
  }
  return { values, damaged: false };
}

/** The text of a string property; the empty string when it is absent or no string. */
export function propertyText(property: Property | undefined, charset: string): string {
  if (property === undefined || typeof property.value === "number") return "";
  const label = property.type === UNICODE ? "utf-16le" : charset;
  return decodeCharset(property.value, label).text.replace(/\0+$/u, "");
}

export function propertyBytes(property: Property | undefined): Buffer | null {
  return property === undefined || typeof property.value === "number" ? null : property.value;
}

/** Whether a property is text (HTML may be text or binary). */
export function isTextProperty(property: Property): boolean {
  return property.type === STRING_8 || property.type === UNICODE;
}

export function isObjectProperty(property: Property | undefined): boolean {
  return property?.type === OBJECT;
}

function readValues(cursor: Cursor, type: number): Buffer | number | null {
  const single = type & ~MULTI_VALUE;
  const size = FIXED_SIZES.get(single);
  const variable = single === STRING_8 || single === UNICODE || single === OBJECT || single === BINARY;
  if (size === undefined && !variable) return null;
  const count = variable || single !== type ? cursor.uint32() : 1;
  let first: Buffer | number | null = null;
  for (let index = 0; index < count; index++) {
    const value = size === undefined ? cursor.padded(cursor.uint32()) : cursor.number(size);
    first ??= value;
  }
  return first ?? Buffer.alloc(0);
}

function skipName(cursor: Cursor): void {
  cursor.take(16);
  if (cursor.uint32() === 0) cursor.take(4);
  else cursor.padded(cursor.uint32());
}

/** Reads onwards; a RangeError says that the bytes end too early. */
export class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number): Buffer {
    if (length > this.left) throw new RangeError("the data ends too early");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A value that is filled up to a multiple of four; the filling may be missing at the very end. */
  padded(length: number): Buffer {
    const value = this.take(length);
    this.#at = Math.min(this.#bytes.length, this.#at + ((4 - (length % 4)) % 4));
    return value;
  }

  number(size: number): number {
    return this.take(size).readInt32LE(0);
  }

  uint8(): number {
    return this.take(1).readUInt8(0);
  }

  uint16(): number {
    return this.take(2).readUInt16LE(0);
  }

  uint32(): number {
    return this.take(4).readUInt32LE(0);
  }
}
