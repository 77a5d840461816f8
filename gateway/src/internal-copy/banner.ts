/**
 * The words above an internal recipient's ordinary copy of a secured mail, as text and as html.
 */

export type Banner = { text: string; html: string };

/** More recipients than this are counted, not listed. */
const LISTED_MAX = 5;
const LINE_LENGTH = 76;

/** The banner for a mail that was sent securely to these addresses; for nobody but internal people it says so. */
export function bannerFor(securedTo: readonly string[]): Banner {
  const people = securedTo.length === 0 ? "" : ` to: ${list(securedTo)}`;
  const text = wrap(`This message was sent securely${people}. Replies to all will be secured too.`);
  const html =
    '<div style="margin:0 0 16px;padding:10px 14px;border-left:4px solid #0f5a5a;background:#e7f1f0;' +
    `color:#1c2230;font:14px/1.5 sans-serif">${asciiHtml(text)}</div>`;
  return { text, html };
}

function list(addresses: readonly string[]): string {
  const listed = addresses.slice(0, LISTED_MAX).map((address) => address.replace(/[\p{Cc}\s]/gu, ""));
  const more = addresses.length - listed.length;
  return more === 0 ? listed.join(", ") : `${listed.join(", ")} and ${more} more`;
}

/** Lines of a width that every client shows and SMTP carries. */
function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length >= LINE_LENGTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join("\n");
}

/** Html that reads the same in every charset. */
function asciiHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[^\n\x20-\x7e]/gu, (char) => `&#${char.codePointAt(0)};`);
}
