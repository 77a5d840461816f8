/**
 * Content-Type and Content-Disposition: a value and its parameters, in all the forms that senders use.
 *
 * RFC 2045 quoting, RFC 2231 continuations and charsets, RFC 2047 words where they do not belong (Outlook,
 * Gmail), unquoted names with blanks. One pass over the field.
 */
import { decodeCharset } from "./charset.ts";
import { decodeWords } from "./encoded-word.ts";
import { PARAMETERS_MAX } from "./limits.ts";

/** Parameters in which senders use encoded words; elsewhere (a boundary) `=?` means itself. */
const NAMES = new Set(["name", "filename"]);

export type ParameterField = { value: string; parameters: ReadonlyMap<string, string> };

/** Parses a field such as `text/plain; charset="utf-8"`. Names and value come in lower case. */
export function parseParameters(field: string): ParameterField {
  const pieces = splitAtSemicolons(field);
  const raw = new Map<string, string>();
  for (const piece of pieces.slice(1, PARAMETERS_MAX + 1)) {
    const equals = piece.indexOf("=");
    if (equals <= 0) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (!raw.has(name)) raw.set(name, unquote(piece.slice(equals + 1).trim()));
  }
  return { value: (pieces[0] ?? "").trim().toLowerCase(), parameters: joinContinuations(raw) };
}

function splitAtSemicolons(field: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < field.length; at++) {
    const char = field[at];
    if (quoted && char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (char === ";" && !quoted) {
      pieces.push(field.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(field.slice(start));
  return pieces;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  const closed = value.length > 1 && value.endsWith('"');
  return value.slice(1, closed ? -1 : undefined).replace(/\\(.)/gu, "$1");
}

/** `name*0*=utf-8''a; name*1=b` becomes `name=ab`. The extended form wins over the plain one. */
function joinContinuations(raw: ReadonlyMap<string, string>): Map<string, string> {
  const joined = new Map<string, string>();
  const extended = new Map<string, Map<number, { text: string; encoded: boolean }>>();
  for (const [key, value] of raw) {
    const match = /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/u.exec(key);
    const name = match?.[1];
    if (name === undefined || !key.includes("*")) {
      joined.set(key, NAMES.has(key) ? decodeWords(value) : value);
      continue;
    }
    const segments = extended.get(name) ?? new Map();
    segments.set(Number(match?.[2] ?? 0), { text: value, encoded: match?.[3] === "*" });
    extended.set(name, segments);
  }
  for (const [name, segments] of extended) joined.set(name, joinSegments(segments));
  return joined;
}

function joinSegments(segments: ReadonlyMap<number, { text: string; encoded: boolean }>): string {
  let charset = "utf-8";
  const bytes: Buffer[] = [];
  for (const [number, { text, encoded }] of [...segments].sort(([a], [b]) => a - b)) {
    const labelled = encoded && bytes.length === 0 ? /^([^']*)'[^']*'(.*)$/su.exec(text) : null;
    if (labelled !== null && number === 0) charset = labelled[1] ?? charset;
    const content = labelled?.[2] ?? text;
    bytes.push(encoded ? percentDecode(content) : Buffer.from(content, "utf8"));
  }
  return decodeWords(decodeCharset(Buffer.concat(bytes), charset).text);
}

function percentDecode(text: string): Buffer {
  const latin1 = Buffer.from(text, "utf8").toString("latin1");
  const decoded = latin1.replace(/%([0-9A-Fa-f]{2})/gu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, "latin1");
}
