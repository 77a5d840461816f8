/**
 * The words of an html body, for readers without html and for examination.
 *
 * One pass without a tree: a parser that keeps one needs minutes for hostile nesting.
 * See docs/decisions/0005-mime.md.
 */
import { decodeHTML } from "entities";

/** Elements whose content is not shown. */
const HIDDEN = new Set(["script", "style", "title", "template", "noscript", "object"]);
/** Elements that begin and end a line. */
const BLOCK = new Set(
  "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul".split(
    " ",
  ),
);
/** Elements with an empty line around them. */
const PARAGRAPH = new Set("blockquote h1 h2 h3 h4 h5 h6 ol p pre table ul".split(" "));

type Tag = { name: string; closing: boolean; attributes: string; end: number };

/** Derives plain text from html: lines where html has blocks, link targets in angle brackets, alt texts. */
export function htmlToText(html: string): string {
  const writer = new TextWriter();
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open === -1) break;
    writer.words(html.slice(at, open));
    if (html.startsWith("<!--", open)) at = after(html, "-->", open + 4);
    else if (html[open + 1] === "!" || html[open + 1] === "?") at = after(html, ">", open);
    else {
      const tag = readTag(html, open);
      if (tag === "unclosed") return writer.finish(html.slice(open));
      if (tag === null) writer.words("<");
      else writer.tag(tag);
      at = tag === null ? open + 1 : contentStart(html, tag);
    }
  }
  return writer.finish(html.slice(at));
}

/** A tag at `open`; null when the `<` is a character of the text; "unclosed" when no tag ends from here on. */
function readTag(html: string, open: number): Tag | null | "unclosed" {
  const closing = html[open + 1] === "/";
  const name = /^[a-z][a-z0-9:-]*/iu.exec(html.slice(open + (closing ? 2 : 1), open + 40))?.[0];
  if (name === undefined) return null;
  const from = open + (closing ? 2 : 1) + name.length;
  for (let at = from; at < html.length; at++) {
    const char = html[at];
    if (char === ">")
      return { name: name.toLowerCase(), closing, attributes: html.slice(from, at), end: at + 1 };
    if ((char === '"' || char === "'") && html[at - 1] === "=") {
      const close = html.indexOf(char, at + 1);
      if (close === -1) return "unclosed";
      at = close;
    }
  }
  return "unclosed";
}

/** Where reading goes on after a tag: behind the end of an element that is not shown. */
function contentStart(html: string, tag: Tag): number {
  if (tag.closing || !HIDDEN.has(tag.name) || tag.attributes.endsWith("/")) return tag.end;
  const close = new RegExp(`</${tag.name}`, "giu");
  close.lastIndex = tag.end;
  return close.exec(html)?.index ?? html.length;
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found === -1 ? html.length : found + mark.length;
}

function attribute(tag: Tag, name: string): string {
  const pattern = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "iu");
  const match = pattern.exec(tag.attributes.slice(0, 10_000));
  return decodeHTML(match?.[1] ?? match?.[2] ?? match?.[3] ?? "").trim();
}

class TextWriter {
  #pieces: string[] = [];
  /** Line breaks that are due before the next word. */
  #breaks = 0;
  #blank = false;
  #preformatted = 0;
  #link: { href: string; from: number } | null = null;

  words(source: string): void {
    if (source === "") return;
    const text = decodeHTML(source);
    if (this.#preformatted > 0) {
      this.#write(text.replace(/\r\n?/gu, "\n"));
      return;
    }
    const collapsed = text.replace(/[ \t\r\n\f]+/gu, " ");
    if (collapsed === " ") {
      this.#blank = true;
      return;
    }
    if (collapsed.startsWith(" ")) this.#blank = true;
    this.#write(collapsed.trim());
    this.#blank = collapsed.endsWith(" ");
  }

  tag(tag: Tag): void {
    if (PARAGRAPH.has(tag.name)) this.#breaks = Math.max(this.#breaks, 2);
    else if (tag.name === "br") this.#breaks = Math.min(this.#breaks + 1, 3);
    else if (BLOCK.has(tag.name)) this.#breaks = Math.max(this.#breaks, 1);
    else if (tag.name === "td" || tag.name === "th") this.#blank = true;
    if (tag.name === "pre") this.#preformatted = Math.max(0, this.#preformatted + (tag.closing ? -1 : 1));
    if (tag.name === "a") this.#anchor(tag);
    if (tag.closing) return;
    if (tag.name === "li") this.#write("- ");
    if (tag.name === "hr") this.words("---");
    if (tag.name === "img") this.#image(attribute(tag, "alt"));
  }

  finish(rest: string): string {
    this.words(rest);
    return this.#pieces
      .join("")
      .replace(/\u00a0/gu, " ")
      .trim();
  }

  #image(alternative: string): void {
    if (alternative !== "") this.words(`[${alternative}]`);
  }

  #anchor(tag: Tag): void {
    if (!tag.closing) {
      const href = attribute(tag, "href");
      this.#link = /^https?:/iu.test(href) ? { href, from: this.#pieces.length } : null;
      return;
    }
    if (this.#link === null) return;
    const { href, from } = this.#link;
    this.#link = null;
    const shown = this.#pieces.slice(from).join("").trim();
    if (shown !== "" && shown !== href) this.#write(` <${href}>`);
  }

  #write(text: string): void {
    if (text === "") return;
    const first = this.#pieces.length === 0;
    if (!first && this.#breaks > 0) this.#pieces.push("\n".repeat(Math.min(this.#breaks, 2)));
    else if (!first && this.#blank) this.#pieces.push(" ");
    this.#pieces.push(text);
    this.#breaks = 0;
    this.#blank = false;
  }
}
