/**
 * The text as examination sees it, so that look-alike characters hide nothing.
 *
 * Compatibility forms become plain (full-width digits, ligatures of PDFs, no-break blanks), invisible
 * characters go. Places of matches are places in this text; "explain" shows it.
 */

const NOT_ASCII = /[^\0-\x7f]/u;
/** Soft hyphens, joiners, direction marks, variation selectors: seen by nobody. */
const INVISIBLE = /[\p{Cf}\p{Variation_Selector}]+/gu;

/** Gives the text to examine. Doing it twice changes nothing. */
export function seenText(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  return text.replace(INVISIBLE, "").normalize("NFKC");
}
