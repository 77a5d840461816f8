/**
 * The structure of a mail: which bytes are which part. Nothing is decoded here.
 *
 * One pass over the bytes. Each line that starts with two dashes is compared, as a whole, with the
 * boundaries that are open at that point, so the cost does not grow with the number of parts.
 */

import type { Problem } from "@sealpost/shared/mail.ts";
import { allFields, firstField, type HeaderBlock, lineEnd, readHeaderBlock } from "./header.ts";
import { BOUNDARY_LENGTH_MAX, NESTING_MAX, PARTS_MAX } from "./limits.ts";
import { type ParameterField, parseParameters } from "./parameter.ts";

export type Part = {
  header: HeaderBlock;
  /** Media type in lower case. */
  type: string;
  parameters: ReadonlyMap<string, string>;
  disposition: ParameterField;
  /** Content-Transfer-Encoding in lower case. */
  encoding: string;
  bodyStart: number;
  bodyEnd: number;
  children: Part[];
};

export type Structure = { root: Part; problems: readonly Problem[] };

type Open = { part: Part; boundary: Buffer };

/** Blanks that gateways leave behind a boundary; a line with more is none. */
const BOUNDARY_FILLING_MAX = 100;

const DASH = 0x2d;
const LINE_DASHES = Buffer.from("\n--");

/** Finds all parts of a mail. */
export function readStructure(raw: Buffer): Structure {
  const problems: Problem[] = [];
  const note = (problem: Problem) => {
    if (!problems.some((known) => known.kind === problem.kind)) problems.push(problem);
  };
  const root = readPart(raw, 0, "text/plain", note);
  const open: Open[] = [];
  openMultipart(root, open, note);
  let parts = 1;
  for (let at = nextDashes(raw, root.bodyStart); at !== -1 && open.length > 0; ) {
    const found = findBoundary(raw, at, open);
    if (found === null) {
      at = nextDashes(raw, at + 2);
      continue;
    }
    closeParts(raw, at, open, found.level);
    at = found.end;
    if (found.closing) open.pop();
    else if (parts >= PARTS_MAX) {
      addRemainder(raw, at, open[found.level]?.part, note);
      break;
    } else {
      parts++;
      at = addPart(raw, at, open, note);
    }
    at = nextDashes(raw, at);
  }
  if (open.length > 0) noteUnclosed(open, note);
  return { root, problems };
}

type Note = (problem: Problem) => void;

function addPart(raw: Buffer, at: number, open: Open[], note: Note): number {
  const parent = open.at(-1)?.part;
  const part = readPart(raw, at, parent?.type === "multipart/digest" ? "message/rfc822" : "text/plain", note);
  parent?.children.push(part);
  openMultipart(part, open, note);
  return part.bodyStart;
}

function readPart(raw: Buffer, at: number, defaultType: string, note: Note): Part {
  const header = readHeaderBlock(raw, at, raw.length);
  if (header.problem === "too-many-headers") {
    note({ kind: "too-many-headers", detail: "One of its headers has too many fields." });
  }
  if (header.problem === "damaged-structure") {
    note({ kind: "damaged-structure", detail: "One of its headers has lines that are no fields." });
  }
  const contentType = parseParameters(firstField(raw, header, "content-type") ?? "");
  return {
    header,
    type: mediaType(contentType.value, defaultType),
    parameters: contentType.parameters,
    disposition: parseParameters(firstField(raw, header, "content-disposition") ?? ""),
    encoding: transferEncoding(allFields(raw, header, "content-transfer-encoding")),
    bodyStart: header.bodyStart,
    bodyEnd: raw.length,
    children: [],
  };
}

function mediaType(value: string, defaultType: string): string {
  if (value === "") return defaultType;
  if (value === "text") return "text/plain";
  return /^[^\s/]+\/[^\s/]+$/u.test(value) ? value : "application/octet-stream";
}

/** Some gateways add a second field; the one that says something wins. */
function transferEncoding(values: readonly string[]): string {
  const names = values.map((value) => value.toLowerCase().replace(/\(.*\)|["';\s]/gu, ""));
  return (
    names.find((name) => /^(?:base64|quoted-printable|x-uuencode|uuencode|x-uue)$/u.test(name)) ??
    names[0] ??
    "7bit"
  );
}

function openMultipart(part: Part, open: Open[], note: Note): void {
  if (!part.type.startsWith("multipart/")) return;
  const boundary = (part.parameters.get("boundary") ?? "").trimEnd();
  if (boundary === "" || boundary.length > BOUNDARY_LENGTH_MAX) {
    note({ kind: "damaged-structure", detail: "A multipart has no usable boundary." });
  } else if (open.length >= NESTING_MAX) {
    note({ kind: "too-deep", detail: `Its parts are nested more than ${NESTING_MAX} levels deep.` });
  } else open.push({ part, boundary: Buffer.from(boundary, "utf8") });
}

/** The start of the next line that begins with two dashes, at `from` or later; -1 when there is none. */
function nextDashes(raw: Buffer, from: number): number {
  if (raw[from] === DASH && raw[from + 1] === DASH && (from === 0 || raw[from - 1] === 0x0a)) return from;
  const found = raw.indexOf(LINE_DASHES, Math.max(0, from - 1));
  return found === -1 ? -1 : found + 1;
}

type Boundary = { level: number; closing: boolean; end: number };

/** Compares the line at `at` with the open boundaries, innermost first. */
function findBoundary(raw: Buffer, at: number, open: readonly Open[]): Boundary | null {
  const start = at + 2;
  for (let level = open.length - 1; level >= 0; level--) {
    const boundary = open[level]?.boundary;
    if (boundary === undefined || raw[start] !== boundary[0]) continue;
    const tail = start + boundary.length;
    if (tail > raw.length || raw.compare(boundary, 0, boundary.length, start, tail) !== 0) continue;
    const rest = raw.toString("latin1", tail, Math.min(raw.length, tail + BOUNDARY_FILLING_MAX));
    // the whole line must match, so that a boundary may begin with another one
    const ending = /^(--)?[ \t\r]*(?:\n|$)/u.exec(rest);
    if (ending === null) continue;
    return { level, closing: ending[1] !== undefined, end: lineEnd(raw, tail, raw.length) };
  }
  return null;
}

/** Ends the part before the boundary, and those around it that were never closed. */
function closeParts(raw: Buffer, at: number, open: Open[], level: number): void {
  const end = raw[at - 2] === 0x0d ? at - 2 : at - 1;
  for (let depth = open.length - 1; depth >= level; depth--) {
    const inside = open[depth]?.part.children.at(-1);
    if (inside !== undefined && inside.bodyEnd === raw.length)
      inside.bodyEnd = Math.max(inside.bodyStart, end);
    if (depth > level) open.pop();
  }
}

/** What lies beyond the limit is kept as one part, undivided. */
function addRemainder(raw: Buffer, at: number, parent: Part | undefined, note: Note): void {
  note({ kind: "too-many-parts", detail: `It has more than ${PARTS_MAX} parts.` });
  const header: HeaderBlock = { fields: [], end: at, bodyStart: at, problem: null };
  parent?.children.push({
    header,
    type: "application/octet-stream",
    parameters: new Map([["name", "unread-parts.txt"]]),
    disposition: { value: "attachment", parameters: new Map() },
    encoding: "binary",
    bodyStart: at,
    bodyEnd: raw.length,
    children: [],
  });
}

function noteUnclosed(open: readonly Open[], note: Note): void {
  const empty = open.some(({ part }) => part.children.length === 0);
  note({
    kind: "damaged-structure",
    detail: empty ? "A multipart has no parts." : "The last boundary of a multipart is missing.",
  });
}
