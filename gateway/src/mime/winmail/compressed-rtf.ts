/**
 * Compressed RTF, as Outlook puts it into winmail.dat ([MS-OXRTFCP]). Null for anything that is none.
 */
import { RTF_BYTES_MAX } from "../limits.ts";

const COMPRESSED = 0x75465a4c;
const UNCOMPRESSED = 0x414c454d;
const HEADER_LENGTH = 16;
const DICTIONARY_LENGTH = 4096;

/** What the dictionary holds before the first byte, by the specification. */
const INITIAL_DICTIONARY =
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor " +
  "MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par " +
  "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/** Decompresses; the work is bounded by the input, which grows ninefold at most. */
export function decompressRtf(bytes: Buffer): Buffer | null {
  if (bytes.length < HEADER_LENGTH) return null;
  const size = bytes.readUInt32LE(4);
  const kind = bytes.readUInt32LE(8);
  if (kind === UNCOMPRESSED) return bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + size);
  if (kind !== COMPRESSED || size > RTF_BYTES_MAX) return null;
  return expand(bytes.subarray(HEADER_LENGTH), Math.min(size, bytes.length * 9));
}

function expand(input: Buffer, size: number): Buffer {
  const dictionary = Buffer.alloc(DICTIONARY_LENGTH, 0x20);
  let write = dictionary.write(INITIAL_DICTIONARY, "latin1");
  const out = Buffer.alloc(size);
  let length = 0;
  const put = (byte: number) => {
    if (length < size) out[length++] = byte;
    dictionary[write] = byte;
    write = (write + 1) % DICTIONARY_LENGTH;
  };
  let at = 0;
  while (at < input.length && length < size) {
    const flags = input[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < input.length; bit++) {
      if ((flags & (1 << bit)) === 0) {
        put(input[at++] ?? 0);
        continue;
      }
      const token = ((input[at] ?? 0) << 8) | (input[at + 1] ?? 0);
      at += 2;
      const offset = token >> 4;
      if (offset === write) return out.subarray(0, length); // the end mark
      for (let index = 0; index < (token & 0x0f) + 2; index++) {
        put(dictionary[(offset + index) % DICTIONARY_LENGTH] ?? 0);
      }
    }
  }
  return out.subarray(0, length);
}
