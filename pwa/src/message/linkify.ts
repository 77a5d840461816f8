/**
 * Finds web addresses in a plain text, so that they can be links. Pure; linear in the text.
 */

export type TextPiece = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

/** Whatever looks like an address with its scheme, up to a space or a sign that encloses it. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`{}|\\^[\]]+/gi;

/** Signs that belong to the sentence rather than to the address it ends with. */
const SENTENCE_END = new Set([".", ",", ";", ":", "!", "?", "…"]);

/** The text in pieces, in order; joined they give the text. */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimEnd(match[0]);
    const href = URL.parse(address)?.href;
    if (href === undefined) continue;
    if (match.index > at) pieces.push({ kind: "text", text: text.slice(at, match.index) });
    pieces.push({ kind: "link", text: address, href });
    at = match.index + address.length;
  }
  if (at < text.length) pieces.push({ kind: "text", text: text.slice(at) });
  return pieces;
}

/** Without the full stop after it, and without a bracket that was opened before it. */
function trimEnd(address: string): string {
  let end = address.length;
  let open = count(address, "(") - count(address, ")");
  for (; end > 0; end -= 1) {
    const sign = address[end - 1] ?? "";
    if (sign === ")" && open < 0) open += 1;
    else if (!SENTENCE_END.has(sign)) break;
  }
  return address.slice(0, end);
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}
