/**
 * Matches as they may be shown: enough to recognise one's own words, not enough to leak a number.
 */

const SHOWN_LENGTH_MAX = 60;

/** Digits become #, letters • except the first and last of the match; the rest stays. */
export function masked(match: string): string {
  const shown = [...match.slice(0, SHOWN_LENGTH_MAX)];
  const hidden = shown.map((char, at) => {
    if (/\p{N}/u.test(char)) return "#";
    if (/\s/u.test(char)) return " ";
    const outer = at === 0 || at === shown.length - 1;
    return outer || !/\p{L}|\p{M}/u.test(char) ? char : "•";
  });
  return hidden.join("") + (match.length > SHOWN_LENGTH_MAX ? "…" : "");
}
