/**
 * The header block of a mail or part: where each field stands, and its text.
 *
 * Byte positions are kept, so that fields can be taken out without touching the rest. Damaged blocks
 * (no blank line, stray lines) are read as mail clients do.
 */
import { isUtf8 } from "node:buffer";
import { FIELD_BYTES_MAX, HEADER_FIELDS_MAX } from "./limits.ts";

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

/** One field: `name` in lower case; the bytes `start..end` hold all its lines, with their line breaks. */
export type Field = { name: string; start: number; valueStart: number; end: number };

export type HeaderBlock = {
  fields: readonly Field[];
  /** Where the blank line starts that ends the block (equals `bodyStart` when there is none). */
  end: number;
  bodyStart: number;
  problem: "too-many-headers" | "damaged-structure" | null;
};

/** Fields that a stray line may stand before: seeing one, the block goes on. */
const WELL_KNOWN =
  /^(?:content-[a-z-]+|mime-version|from|to|cc|bcc|subject|date|message-id|received|reply-to|sender|in-reply-to|references|return-path|x-[a-z0-9-]+|dkim-signature|arc-[a-z-]+|authentication-results)[ \t]*:/iu;
const FIELD_NAME = /^([!-9;-~]+)[ \t]*$/u;
const FIELD_NAME_LENGTH_MAX = 200;

/** Reads the block that starts at `start`. Linear in its length. */
export function readHeaderBlock(raw: Buffer, start: number, limit: number): HeaderBlock {
  const fields: Field[] = [];
  let problem: HeaderBlock["problem"] = null;
  let at = skipMboxLine(raw, start, limit);
  while (at < limit) {
    const end = lineEnd(raw, at, limit);
    if (isBlankLine(raw, at, end)) return { fields, end: at, bodyStart: end, problem };
    const last = fields.at(-1);
    if (last !== undefined && (raw[at] === SPACE || raw[at] === TAB)) {
      last.end = end;
      at = end;
      continue;
    }
    const field = readField(raw, at, end);
    if (field !== null && fields.length < HEADER_FIELDS_MAX) fields.push(field);
    else if (field !== null) return { ...skipBlock(raw, at, limit), fields, problem: "too-many-headers" };
    else if (headerGoesOn(raw, end, limit)) problem = "damaged-structure";
    else return { fields, end: at, bodyStart: at, problem: "damaged-structure" };
    at = end;
  }
  return { fields, end: limit, bodyStart: limit, problem };
}

/** The position after the line break of the line at `at`. */
export function lineEnd(raw: Buffer, at: number, limit: number): number {
  const lf = raw.indexOf(LF, at);
  return lf === -1 || lf >= limit ? limit : lf + 1;
}

/** The unfolded text of a field, of its first half megabyte at most. Raw UTF-8 (SMTPUTF8) is read as such, other eight-bit bytes as Windows-1252. */
function fieldText(raw: Buffer, field: Field): string {
  const end = Math.min(field.end, field.valueStart + FIELD_BYTES_MAX);
  const bytes = raw.subarray(field.valueStart, end);
  const text = isUtf8(bytes) ? bytes.toString("utf8") : new TextDecoder("windows-1252").decode(bytes);
  return text
    .replace(/\r?\n(?=[ \t])/gu, "")
    .replace(/[\r\n\0]+/gu, "")
    .trim();
}

/** The text of the first field of that name. */
export function firstField(raw: Buffer, block: HeaderBlock, name: string): string | null {
  const field = block.fields.find((candidate) => candidate.name === name);
  return field === undefined ? null : fieldText(raw, field);
}

/** The texts of all fields of that name. */
export function allFields(raw: Buffer, block: HeaderBlock, name: string): string[] {
  return block.fields.filter((field) => field.name === name).map((field) => fieldText(raw, field));
}

function readField(raw: Buffer, at: number, end: number): Field | null {
  const colon = raw.subarray(at, Math.min(end, at + FIELD_NAME_LENGTH_MAX)).indexOf(COLON);
  if (colon <= 0) return null;
  const name = FIELD_NAME.exec(raw.toString("latin1", at, at + colon))?.[1];
  if (name === undefined) return null;
  return { name: name.toLowerCase(), start: at, valueStart: at + colon + 1, end };
}

/** Whether the line `at..end` ends a header block; a line of blanks does not. */
export function isBlankLine(raw: Buffer, at: number, end: number): boolean {
  if (end - at > 2) return false;
  return raw[at] === LF || (raw[at] === CR && raw[at + 1] === LF);
}

/** A mailbox file's "From ann@acme.example Tue …" line before the first field. */
function skipMboxLine(raw: Buffer, start: number, limit: number): number {
  const head = raw.toString("latin1", start, Math.min(start + 6, limit));
  return head.startsWith("From ") || head.startsWith(">From ") ? lineEnd(raw, start, limit) : start;
}

function headerGoesOn(raw: Buffer, at: number, limit: number): boolean {
  const line = raw.toString("latin1", at, Math.min(at + 60, limit));
  return WELL_KNOWN.test(line);
}

function skipBlock(raw: Buffer, from: number, limit: number): { end: number; bodyStart: number } {
  for (let at = from; at < limit; ) {
    const end = lineEnd(raw, at, limit);
    if (isBlankLine(raw, at, end)) return { end: at, bodyStart: end };
    at = end;
  }
  return { end: limit, bodyStart: limit };
}
