/**
 * Plain text in whichever charset it is.
 */
import { decodeCharset } from "../../mime/charset.ts";

const SAMPLE_BYTES = 8192;

type Marked = { label: string; skip: number };

/** Whether the beginning of the bytes is text: a charset mark, or no control characters beyond the usual. */
export function isText(bytes: Buffer): boolean {
  if (markOf(bytes) !== null) return true;
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  return !sample.some(
    (byte) =>
      byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b && byte !== 0x0e && byte !== 0x0f,
  );
}

/** The text; `label` is the charset that the sender named, empty when none. A mark in the bytes outranks it. */
export function decodeText(bytes: Buffer, label = ""): string {
  const mark = markOf(bytes);
  if (mark !== null) return decodeCharset(bytes.subarray(mark.skip), mark.label).text;
  return decodeCharset(bytes, label).text;
}

function markOf(bytes: Buffer): Marked | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { label: "utf-8", skip: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { label: "utf-16le", skip: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { label: "utf-16be", skip: 2 };
  return unmarkedUtf16(bytes.subarray(0, 512));
}

/** UTF-16 without a mark: every other byte of western text is zero. */
function unmarkedUtf16(sample: Buffer): Marked | null {
  if (sample.length < 16) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at + 1 < sample.length; at += 2) {
    if (sample[at] === 0) even++;
    if (sample[at + 1] === 0) odd++;
  }
  const half = sample.length / 2;
  if (odd > half * 0.7 && even === 0) return { label: "utf-16le", skip: 0 };
  return even > half * 0.7 && odd === 0 ? { label: "utf-16be", skip: 0 } : null;
}
