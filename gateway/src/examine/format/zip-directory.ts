/**
 * The directory at the end of a zip file (PKWARE APPNOTE 6.3.10): what is in it, without unpacking.
 */

export type ZipEntry = {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0 stored, 8 deflated; others are not read. */
  readonly method: number;
  readonly packedSize: number;
  /** Of the local header, before the packed bytes. */
  readonly offset: number;
};

export type ZipDirectory = { kind: "read"; entries: readonly ZipEntry[] } | { kind: "damaged" };

const END = Buffer.from("PK\x05\x06", "latin1");
const END64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record has 22 bytes and a comment of up to 65,535. */
const END_SEARCH_BYTES = 22 + 65_535;
/** Real directories are read to their end; this bounds the memory for one. */
const ENTRIES_MAX = 10_000;

/** Reads the directory. Linear in its length. */
export function findEntries(zip: Buffer): ZipDirectory {
  const tail = zip.subarray(Math.max(0, zip.length - END_SEARCH_BYTES));
  const found = tail.lastIndexOf(END);
  const end = found === -1 ? -1 : zip.length - tail.length + found;
  if (end === -1 || end + 22 > zip.length) return { kind: "damaged" };
  const declared = startAndSize(zip, end);
  if (declared === null) return { kind: "damaged" };
  // Bytes put before the archive shift everything: the directory ends where the end record starts.
  const shift = Math.max(0, end - declared.start - declared.size - (declared.is64 ? 76 : 0));
  return readEntries(zip, declared.start + shift, shift, end);
}

function startAndSize(zip: Buffer, end: number): { start: number; size: number; is64: boolean } | null {
  const size = zip.readUInt32LE(end + 12);
  const start = zip.readUInt32LE(end + 16);
  if (start !== 0xffffffff && size !== 0xffffffff) return { start, size, is64: false };
  if (end < 20) return null;
  const at = Number(zip.readBigUInt64LE(end - 20 + 8));
  if (at + 56 > zip.length || zip.readUInt32LE(at) !== END64) return null;
  return {
    size: Number(zip.readBigUInt64LE(at + 40)),
    start: Number(zip.readBigUInt64LE(at + 48)),
    is64: true,
  };
}

function readEntries(zip: Buffer, start: number, shift: number, end: number): ZipDirectory {
  const entries: ZipEntry[] = [];
  let at = start;
  while (at + 46 <= end && entries.length < ENTRIES_MAX && zip.readUInt32LE(at) === ENTRY) {
    const nameLength = zip.readUInt16LE(at + 28);
    const extraLength = zip.readUInt16LE(at + 30);
    const flags = zip.readUInt16LE(at + 8);
    const name = zip.toString((flags & 0x800) !== 0 ? "utf8" : "latin1", at + 46, at + 46 + nameLength);
    const extra = zip.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const { packedSize, offset } = sizes64(zip, at, extra);
    const method = zip.readUInt16LE(at + 10);
    entries.push({
      name,
      encrypted: (flags & 1) !== 0 || method === 99,
      method,
      packedSize,
      offset: offset + shift,
    });
    at += 46 + nameLength + extraLength + zip.readUInt16LE(at + 32);
  }
  return entries.length === 0 && end > start ? { kind: "damaged" } : { kind: "read", entries };
}

/** Sizes of all ones stand in the extra field 0x0001, in the order of those that are missing. */
function sizes64(zip: Buffer, at: number, extra: Buffer): { packedSize: number; offset: number } {
  const packedSize = zip.readUInt32LE(at + 20);
  const unpackedSize = zip.readUInt32LE(at + 24);
  const offset = zip.readUInt32LE(at + 42);
  if (packedSize !== 0xffffffff && offset !== 0xffffffff) return { packedSize, offset };
  let field = 0;
  while (field + 4 <= extra.length && extra.readUInt16LE(field) !== 1)
    field += 4 + extra.readUInt16LE(field + 2);
  let value = field + 4 + (unpackedSize === 0xffffffff ? 8 : 0);
  const next = () => {
    const read = value + 8 <= extra.length ? Number(extra.readBigUInt64LE(value)) : Number.MAX_SAFE_INTEGER;
    value += 8;
    return read;
  };
  return {
    packedSize: packedSize === 0xffffffff ? next() : packedSize,
    offset: offset === 0xffffffff ? next() : offset,
  };
}

/** The packed bytes of an entry; null when they are not where the directory says. */
export function packedBytes(zip: Buffer, entry: ZipEntry): Buffer | null {
  const { offset, packedSize } = entry;
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== LOCAL) return null;
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  return start + packedSize > zip.length ? null : zip.subarray(start, start + packedSize);
}
