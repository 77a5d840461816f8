/**
 * Joining the pieces of a body, in the order of the mail, into one text and one html.
 */
import { htmlToText } from "./html-text.ts";
import { HTML_TEXT_LENGTH_MAX } from "./limits.ts";

/** A piece of what the reader sees. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "html"; html: string }
  | { kind: "image"; cid: string; name: string }
  | { kind: "winmail"; text: string | null; html: string | null }
  | { kind: "alternative"; text: readonly Piece[]; html: readonly Piece[] };

/** The Content-IDs that the html shows by itself. */
export function referencedIds(pieces: readonly Piece[]): Set<string> {
  const ids = new Set<string>();
  for (const html of allHtml(pieces)) {
    for (const match of html.matchAll(/\bcid:([^"'\s<>()&]{1,500})/giu)) ids.add(unescapeId(match[1] ?? ""));
  }
  return ids;
}

/** One html, when any piece needs it; null when plain text says all. */
export function composeHtml(pieces: readonly Piece[], referenced: ReadonlySet<string>): string | null {
  const own = displaced(pieces);
  const needed = own.some(
    (piece) => piece.kind !== "text" && !(piece.kind === "winmail" && piece.html === null),
  );
  if (!needed) return null;
  const htmls = own.map((piece) => pieceHtml(piece, referenced)).filter((html) => html !== "");
  return htmls.join("\n");
}

/** One text; derived from the html where a piece has nothing else; null when there are no words at all. */
export function composeText(pieces: readonly Piece[]): string | null {
  const texts = displaced(pieces)
    .map(pieceText)
    .filter((text): text is string => text !== null);
  if (texts.length === 0) return null;
  const words = texts.filter((text) => text.trim() !== "");
  return words.length === 0 ? "" : words.map((text) => text.replace(/^\n+/u, "").trimEnd()).join("\n\n");
}

/** A winmail.dat repeats the text of its mail with more care: where it has words, plain pieces beside it give way. */
function displaced(pieces: readonly Piece[]): readonly Piece[] {
  const rich = pieces.some((piece) => piece.kind === "winmail" && piece.html !== null);
  const words = pieces.some((piece) => piece.kind === "text" && piece.text.trim() !== "");
  if (rich) return pieces.filter((piece) => piece.kind !== "text");
  return words ? pieces.filter((piece) => piece.kind !== "winmail") : pieces;
}

function pieceHtml(piece: Piece, referenced: ReadonlySet<string>): string {
  switch (piece.kind) {
    case "text":
      return piece.text.trim() === "" ? "" : textHtml(piece.text);
    case "html":
      return piece.html;
    case "image":
      return referenced.has(piece.cid)
        ? ""
        : `<div><img src="cid:${escapeHtml(piece.cid)}" alt="${escapeHtml(piece.name)}"></div>`;
    case "winmail":
      return piece.html ?? (piece.text === null ? "" : textHtml(piece.text));
    case "alternative":
      return piece.html.map((inner) => pieceHtml(inner, referenced)).join("\n");
  }
}

function pieceText(piece: Piece): string | null {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "html":
      return derivedText(piece.html);
    case "image":
      return null;
    case "winmail":
      return piece.text ?? (piece.html === null ? null : derivedText(piece.html));
    case "alternative":
      return composeText(piece.text.length > 0 ? piece.text : piece.html);
  }
}

function allHtml(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => {
    if (piece.kind === "html") return [piece.html];
    if (piece.kind === "winmail") return piece.html === null ? [] : [piece.html];
    return piece.kind === "alternative" ? allHtml(piece.html) : [];
  });
}

/** Whether some html is so long that its derived text is cut. */
export function hasOverlongHtml(pieces: readonly Piece[]): boolean {
  return allHtml(pieces).some((html) => html.length > HTML_TEXT_LENGTH_MAX);
}

function derivedText(html: string): string {
  return htmlToText(html.slice(0, HTML_TEXT_LENGTH_MAX));
}

function textHtml(text: string): string {
  return `<div style="white-space:pre-wrap">${escapeHtml(text.trim())}</div>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function unescapeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id; // a stray percent sign
  }
}
