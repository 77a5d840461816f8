/**
 * Content-Transfer-Encoding: from what travelled to the bytes that were meant, damaged or not.
 */
const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** Two padding characters and the line breaks that mailers put around them. */
const PADDING_LENGTH_MAX = 12;
const SEXTETS = Int8Array.from({ length: 256 }, (_, byte) =>
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(String.fromCharCode(byte)),
);

/** Decodes a body. Unknown encodings are passed through, as RFC 2045 asks of readers. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  switch (encoding) {
    case "base64":
      return decodeBase64(body);
    case "quoted-printable":
      return decodeQuotedPrintable(body);
    case "x-uuencode":
    case "uuencode":
    case "x-uue":
      return decodeUuencode(body) ?? body;
    default:
      return body;
  }
}

/**
 * Base64 through the native decoder, which skips line breaks and foreign bytes but stops at padding. Pieces
 * that were joined with their padding (some archives do that) are decoded here.
 */
function decodeBase64(body: Buffer): Buffer {
  const padding = body.indexOf(EQUALS);
  const rest = padding === -1 ? "" : body.toString("latin1", padding, padding + PADDING_LENGTH_MAX + 1);
  const atEnd = rest.length <= PADDING_LENGTH_MAX && /^[=\s]*$/u.test(rest);
  return atEnd ? Buffer.from(body.toString("latin1"), "base64") : decodePadded(body);
}

function decodePadded(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(Math.ceil((body.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (const byte of body) {
    const sextet = SEXTETS[byte] ?? -1;
    if (sextet >= 0) {
      held = ((held << 6) | sextet) & 0xffff;
      bits += 6;
    } else if (byte === EQUALS) bits = 0;
    if (bits < 8) continue;
    bits -= 8;
    out[length++] = (held >> bits) & 0xff;
  }
  return out.subarray(0, length);
}

/** RFC 2045 section 6.7. What is no valid escape stays as it is; blanks before a line break go. */
function decodeQuotedPrintable(body: Buffer): Buffer {
  if (body.indexOf(EQUALS) === -1 && !hasTrailingBlanks(body)) return body;
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  let escapedEnd = 0; // blanks written as =20 are meant
  let at = 0;
  while (at < body.length) {
    const byte = body[at] as number;
    if (byte === LF) length = withoutTrailingBlanks(out, escapedEnd, length);
    if (byte !== EQUALS) {
      out[length++] = byte;
      at++;
      continue;
    }
    const escaped = hexPair(body, at + 1);
    const softBreak = escaped === -1 ? softBreakEnd(body, at + 1) : null;
    if (softBreak !== null) {
      at = softBreak;
      continue;
    }
    out[length++] = escaped === -1 ? EQUALS : escaped;
    at += escaped === -1 ? 1 : 3;
    if (escaped !== -1) escapedEnd = length;
  }
  return out.subarray(0, length);
}

function hasTrailingBlanks(body: Buffer): boolean {
  return body.includes(" \r\n") || body.includes(" \n") || body.includes("\t\r\n") || body.includes("\t\n");
}

/** Drops blanks before `[CR]`; called at a line feed, so the work is bounded by what was written. */
function withoutTrailingBlanks(out: Buffer, start: number, length: number): number {
  const carriage = length > start && out[length - 1] === CR;
  let end = carriage ? length - 1 : length;
  while (end > start && (out[end - 1] === SPACE || out[end - 1] === TAB)) end--;
  if (carriage) out[end++] = CR;
  return end;
}

/** After `=`: blanks and a line break are a soft break. Gives the position behind it, null when it is none. */
function softBreakEnd(body: Buffer, at: number): number | null {
  let end = at;
  while (body[end] === SPACE || body[end] === TAB) end++;
  if (end >= body.length) return end;
  if (body[end] === CR && body[end + 1] === LF) return end + 2;
  return body[end] === LF || body[end] === CR ? end + 1 : null;
}

function hexPair(body: Buffer, at: number): number {
  const high = hexDigit(body[at]);
  const low = hexDigit(body[at + 1]);
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** A uuencoded file between `begin` and `end`; null when there is none. */
function decodeUuencode(body: Buffer): Buffer | null {
  const lines = body.toString("latin1").split(/\r?\n/u);
  const begin = lines.findIndex((line) => /^begin [0-7]{3,4} /u.test(line));
  if (begin === -1) return null;
  const pieces: Buffer[] = [];
  for (const line of lines.slice(begin + 1)) {
    const size = line === "" ? 0 : (line.charCodeAt(0) - 32) & 63;
    if (size === 0) break;
    const sextets = Buffer.from(line.slice(1), "latin1").map((byte) => (byte - 32) & 63);
    pieces.push(fromSextets(sextets).subarray(0, size));
  }
  return Buffer.concat(pieces);
}

function fromSextets(sextets: Uint8Array): Buffer {
  const out = Buffer.alloc(Math.floor((sextets.length * 3) / 4));
  for (let at = 0; at < out.length; at++) {
    const group = Math.floor(at / 3) * 4;
    const a = sextets[group + (at % 3)] ?? 0;
    const b = sextets[group + (at % 3) + 1] ?? 0;
    const shift = (at % 3) * 2;
    out[at] = ((a << (2 + shift)) | (b >> (4 - shift))) & 0xff;
  }
  return out;
}
