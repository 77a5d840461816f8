/**
 * Encoded words in header fields (RFC 2047): `=?charset?B or Q?text?=`.
 *
 * Adjacent words of one charset and encoding are decoded together, since many senders split inside a
 * character. What is no valid word stays as it is written, so that it can still be read.
 */
import { canonicalLabel, decodeCharset } from "./charset.ts";

type Word = { charset: string; pieces: Buffer[] };

/** No part of a word may hold a `?`, which keeps the search linear; blanks in the text are a common error. */
const WORD = /=\?([A-Za-z0-9_.:()+-]{1,60})(?:\*[A-Za-z0-9-]{0,30})?\?([bBqQ])\?([^?\r\n]*)\?=/gu;

/** Decodes all words of an unfolded field. */
export function decodeWords(field: string): string {
  if (!field.includes("=?")) return field;
  let out = "";
  let end = 0;
  let pending: Word | null = null;
  for (const match of field.matchAll(WORD)) {
    const between = field.slice(end, match.index);
    const charset = canonicalLabel(match[1] ?? "");
    const bytes = toBytes(match[2] ?? "", match[3] ?? "");
    if (pending !== null && between.trim() === "" && pending.charset === charset) pending.pieces.push(bytes);
    else {
      // blanks between two words are not part of the text, others are
      out +=
        (pending === null ? "" : wordText(pending)) +
        (pending !== null && between.trim() === "" ? "" : between);
      pending = { charset, pieces: [bytes] };
    }
    end = match.index + match[0].length;
  }
  return out + (pending === null ? "" : wordText(pending)) + field.slice(end);
}

function toBytes(encoding: string, text: string): Buffer {
  return encoding.toLowerCase() === "b" ? Buffer.from(text, "base64") : decodeQ(text);
}

function wordText(word: Word): string {
  return decodeCharset(Buffer.concat(word.pieces), word.charset).text;
}

function decodeQ(text: string): Buffer {
  const spaced = text.replaceAll("_", " ");
  return Buffer.from(
    spaced.replace(/=([0-9A-Fa-f]{2})|[^\0-\xFF]+/gu, (piece, hex: string | undefined) =>
      hex === undefined
        ? Buffer.from(piece, "utf8").toString("latin1")
        : String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    "latin1",
  );
}
