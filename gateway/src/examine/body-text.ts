/**
 * The text of a body, both of its renditions: what only the html says is added to what the text says.
 */
import { COMPONENT_LENGTH_MAX } from "@sealpost/shared/dictionary/limits.ts";
import type { Mail } from "@sealpost/shared/mail.ts";
import { htmlToText } from "../mime/html-text.ts";

const WORD = /[\p{L}\p{N}]+/gu;
/** Markup of a mail is at most a few times its words. */
const HTML_LENGTH_MAX = 4 * COMPONENT_LENGTH_MAX;

export type BodyText = { readonly text: string; readonly cut: boolean };

/** Text as a reader may see it, in either rendition, without saying everything twice. */
export function bodyText(mail: Pick<Mail, "text" | "html">): BodyText {
  const text = (mail.text ?? "").slice(0, COMPONENT_LENGTH_MAX);
  const html = (mail.html ?? "").slice(0, HTML_LENGTH_MAX);
  const cut = text.length < (mail.text ?? "").length || html.length < (mail.html ?? "").length;
  if (html === "") return { text, cut };
  const shown = htmlToText(html);
  if (text === "" || text === shown) return { text: shown, cut };
  const known = new Set(pairs(text));
  const added = shown.split("\n").filter((line) => pairs(line).some((pair) => !known.has(pair)));
  return { text: [text, ...added].join("\n"), cut };
}

/** Every two words that follow each other, so that known words in a new order count as new. */
function pairs(text: string): string[] {
  const words = text.match(WORD) ?? [];
  return words
    .slice(1)
    .map((word, at) => `${words[at]} ${word}`)
    .concat(words.length === 1 ? words : []);
}
