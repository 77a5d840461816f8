/**
 * Text as a row of words, for phrases: letters and digits that stand together are a word, every other
 * visible character is one by itself, and so is every letter of a script that writes without blanks.
 *
 * So a phrase never matches inside a word, except where there are no words to see (Chinese, Japanese, Thai);
 * blanks and line breaks are all the same. Case does not matter.
 */

const BLANK = 1;
const LETTER = 2;
const SINGLE = 3;

const IS_BLANK = /[\s\p{Cc}\p{Cf}\p{Z}]/u;
const IS_UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const IS_LETTER = /[\p{L}\p{N}\p{M}]/u;

/** Marks that word processors put in place of typed ones. */
const TYPED: ReadonlyMap<string, string> = new Map([
  ["\u2018", "'"],
  ["\u2019", "'"],
  ["\u201c", '"'],
  ["\u201d", '"'],
  ["\u201e", '"'],
  ["\u2010", "-"],
  ["\u2011", "-"],
  ["\u2012", "-"],
  ["\u2013", "-"],
  ["\u2014", "-"],
]);

/** What each code unit is, found out when it is first seen. */
const KINDS = new Uint8Array(0x10000);

/** Calls `word` for each word of the text, folded, with its place. Linear. */
export function eachWord(text: string, word: (folded: string, start: number, end: number) => void): void {
  let at = 0;
  while (at < text.length) {
    const kind = kindAt(text, at);
    const start = at;
    at += isPair(text, at) ? 2 : 1;
    if (kind === BLANK) continue;
    if (kind === LETTER)
      while (at < text.length && kindAt(text, at) === LETTER) at += isPair(text, at) ? 2 : 1;
    word(fold(text.slice(start, at)), start, at);
  }
}

function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (isPair(text, at)) return findKind(String.fromCodePoint(text.codePointAt(at) ?? 0));
  const known = KINDS[unit] ?? 0;
  if (known !== 0) return known;
  const kind = findKind(String.fromCharCode(unit));
  KINDS[unit] = kind;
  return kind;
}

function isPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

function findKind(char: string): number {
  if (IS_BLANK.test(char)) return BLANK;
  if (IS_UNSPACED.test(char)) return SINGLE;
  return IS_LETTER.test(char) ? LETTER : SINGLE;
}

/** Upper case first, so that "ß" and "SS" are the same. */
function fold(word: string): string {
  const typed = TYPED.get(word);
  if (typed !== undefined) return typed;
  const folded = word.toLowerCase();
  for (let at = 0; at < folded.length; at++) {
    if (folded.charCodeAt(at) > 0x7f) return word.normalize("NFKC").toUpperCase().toLowerCase();
  }
  return folded;
}
