/**
 * Bytes to text in every charset that mail clients send, and for labels that are wrong.
 *
 * The platform's decoder (WHATWG Encoding Standard) does most; iconv-lite knows some older ones; the two
 * shifting seven-bit sets of Korea and China are turned into their eight-bit twins here.
 */
import { isUtf8 } from "node:buffer";
import iconv from "iconv-lite";

export type Decoded = { text: string; known: boolean };

/** Labels in use that the Encoding Standard does not list. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["cp932", "shift_jis"],
  ["ms932", "shift_jis"],
  ["iso-2022-jp-ms", "iso-2022-jp"],
  ["cp50220", "iso-2022-jp"],
  ["cp50221", "iso-2022-jp"],
  ["cp936", "gbk"],
  ["ms936", "gbk"],
  ["cp949", "euc-kr"],
  ["ms949", "euc-kr"],
  ["uhc", "euc-kr"],
  ["cp950", "big5"],
  ["utf8mb4", "utf-8"],
  ["utf", "utf-8"],
  ["8bit", "utf-8"],
  ["7bit", "us-ascii"],
  ["ansi", "windows-1252"],
  ["default", "windows-1252"],
  ["unknown-8bit", "us-ascii"],
  ["x-unknown", "us-ascii"],
  ["unknown", "us-ascii"],
  ["iso-8859-8-e", "iso-8859-8"],
  ["binary", "us-ascii"],
]);

/** Charsets whose text is never valid UTF-8 with letters beyond ASCII, unless the label is wrong. */
const OFTEN_MISLABELLED = new Set(["windows-1252", "iso-8859-1", "us-ascii"]);

/** Decodes; an unknown label is read as UTF-8 or Windows-1252, whichever fits, and `known` is false. */
export function decodeCharset(bytes: Uint8Array, label: string): Decoded {
  const name = canonicalLabel(label);
  if (name === "") return { text: guess(bytes), known: true };
  if (name === "hz-gb-2312") return { text: decodeHz(bytes), known: true };
  if (name === "iso-2022-kr") return { text: decodeIso2022Kr(bytes), known: true };
  const decoder = platformDecoder(name);
  if (decoder !== null) return { text: decodeWith(decoder, bytes), known: true };
  if (!iconv.encodingExists(name)) return { text: guess(bytes), known: false };
  return { text: iconv.decode(Buffer.from(bytes), name), known: true };
}

/** The label in lower case without quotes and blanks, aliases resolved. */
export function canonicalLabel(label: string): string {
  const name = label
    .trim()
    .toLowerCase()
    .replace(/["'\s]/gu, "");
  const numbered = /^(?:cp|win|windows|ms)-?(125\d|874)$/u.exec(name);
  if (numbered !== null) return `windows-${numbered[1]}`;
  return ALIASES.get(name) ?? name;
}

function platformDecoder(name: string): TextDecoder | null {
  try {
    return new TextDecoder(name);
  } catch {
    return null; // the label is unknown: an answer, not a failure
  }
}

function decodeWith(decoder: TextDecoder, bytes: Uint8Array): string {
  if (decoder.encoding === "utf-8") return isUtf8(bytes) ? decoder.decode(bytes) : salvageUtf8(bytes);
  if (OFTEN_MISLABELLED.has(decoder.encoding)) return guess(bytes);
  return decoder.decode(bytes);
}

/** No label, or one that says little: UTF-8 when the bytes are that, else Windows-1252, which covers Latin-1. */
function guess(bytes: Uint8Array): string {
  return isUtf8(bytes)
    ? new TextDecoder("utf-8").decode(bytes)
    : new TextDecoder("windows-1252").decode(bytes);
}

/** Labelled UTF-8 but is not: mostly UTF-8 with some damage, or another charset altogether. */
function salvageUtf8(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8").decode(bytes);
  const damaged = text.match(/\uFFFD/gu)?.length ?? 0;
  const intact = text.match(/[^\0-\x7F\uFFFD]/gu)?.length ?? 0;
  return intact >= damaged ? text : new TextDecoder("windows-1252").decode(bytes);
}

/** RFC 1557: SO and SI switch to and from KS X 1001, whose bytes with the high bit set are EUC-KR. */
function decodeIso2022Kr(bytes: Uint8Array): string {
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  let shifted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x1b && bytes[at + 1] === 0x24 && bytes[at + 2] === 0x29) at += 3;
    else if (byte === 0x0e) shifted = true;
    else if (byte === 0x0f) shifted = false;
    else out[length++] = shifted && byte > 0x20 ? byte | 0x80 : byte;
  }
  return new TextDecoder("euc-kr").decode(out.subarray(0, length));
}

/** RFC 1843: `~{` and `~}` switch to and from GB 2312, whose bytes with the high bit set are GBK. */
function decodeHz(bytes: Uint8Array): string {
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  let shifted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if (byte === 0x7e && (next === 0x7b || next === 0x7d)) {
      shifted = next === 0x7b;
      at++;
    } else if (byte === 0x7e && next === 0x7e) {
      out[length++] = 0x7e;
      at++;
    } else if (byte === 0x7e && next === 0x0a) at++;
    else out[length++] = shifted && byte > 0x20 ? byte | 0x80 : byte;
  }
  return new TextDecoder("gbk").decode(out.subarray(0, length));
}
