/**
 * The quoted original beneath an answer: who wrote it when, and its text behind ">". Pure.
 */

/** A mail client's quoted thread can be endless; the gateway takes no more than a million characters of text. */
const MOST_QUOTED = 200_000;

export interface Original {
  /** As the answer names its writer. */
  name: string;
  /** The time in words. */
  written: string;
  text: string;
}

/** Two empty lines to write in, then the original. */
export function quote({ name, written, text }: Original): string {
  const shown = text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}\n[…]` : text;
  const lines = shown.trimEnd().replaceAll("\r\n", "\n").split("\n");
  const quoted = lines.map((line) => (line.startsWith(">") ? `>${line}` : `> ${line}`.trimEnd()));
  return `\n\nOn ${written}, ${name} wrote:\n${quoted.join("\n")}\n`;
}

const BLOCKS = /<\/(?:p|div|h[1-6]|li|tr|table|blockquote|pre|ul|ol)>|<br\b[^>]*>/gi;
const UNSEEN = /<(style|script|head|title)\b[\s\S]*?<\/\1\s*>/gi;
/** Stands for the end of a line while HTML is read; a character for private use. */
const LINE_END = "\u{e000}";

/** The text of HTML that came without one. `textOf` gives the text of an inert document made of it. */
export function textOfHtml(html: string, textOf: (html: string) => string): string {
  const lined = html.replaceAll(UNSEEN, "").replaceAll(/\s+/g, " ").replaceAll(BLOCKS, LINE_END);
  return textOf(lined)
    .replaceAll(LINE_END, "\n")
    .replaceAll(/ *\n */g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
