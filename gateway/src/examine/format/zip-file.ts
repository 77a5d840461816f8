/**
 * One entry of a zip, unpacked within the budgets of the mail.
 */
import { inflate } from "../inflate.ts";
import { ENTRY_BYTES_MAX } from "../limits.ts";
import type { Reading } from "../reading.ts";
import { packedBytes, type ZipEntry } from "./zip-directory.ts";

/** The bytes of an entry, also when only a beginning could be had (noted); null when nothing could. */
export function readEntry(zip: Buffer, entry: ZipEntry, reading: Reading): Buffer | null {
  if (entry.encrypted) {
    reading.note("encrypted", "A file in an archive is encrypted.");
    return null;
  }
  const packed = packedBytes(zip, entry);
  if (packed === null) {
    reading.note("unscannable", "An archive is damaged.");
    return null;
  }
  if (entry.method === 8) return unpack(packed, "deflate", reading);
  if (entry.method === 0) return packed;
  reading.note("unscannable", "A file in an archive is packed in a way that is not known.");
  return null;
}

/** Unpacks and takes what came out from the budget. */
export function unpack(packed: Buffer, kind: "deflate" | "gzip", reading: Reading): Buffer {
  const { bytes, end } = inflate(
    packed,
    kind,
    Math.min(ENTRY_BYTES_MAX, Math.max(0, reading.budget.bytesLeft)),
  );
  reading.budget.bytesLeft -= bytes.length;
  if (end === "cut") reading.note("half-scanned", "An archive unpacks to more than is examined.");
  if (end === "damaged") reading.note("unscannable", "An archive is damaged.");
  return bytes;
}
