/**
 * HTML that is escaped by construction: whatever is put into the template is text, unless it is HTML made here.
 */

/** A piece of finished HTML. Made by the tag `html` only. */
export interface Html {
  readonly source: string;
}

const made = new WeakSet<Html>();

/** The template tag: text is escaped, lists are joined, nothing stays nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const source = parts.map((part, at) => part + sourceOf(values[at])).join("");
  const piece = Object.freeze({ source });
  made.add(piece);
  return piece;
}

export type HtmlValue = string | number | Html | readonly Html[] | undefined;

function sourceOf(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") return escapeText(String(value));
  if ("source" in value) return made.has(value) ? value.source : escapeText(value.source);
  return value.map(sourceOf).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
