/**
 * How hard a password is to guess, by zxcvbn: guesses, not character classes.
 *
 * Its dictionaries are large, so this file is imported lazily, on the screen that needs it.
 */
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import firstNames from "@zxcvbn-ts/language-en/dist/firstnames.json.mjs";
import translations from "@zxcvbn-ts/language-en/dist/translations.mjs";
import words from "@zxcvbn-ts/language-en/dist/wikipedia.json.mjs";

/** zxcvbn's time grows faster than the text; nobody's password gets weaker after this many characters. */
const LONGEST_JUDGED = 128;

const PERSONAL = "It is built on your address or the organisation’s name.";

export interface Guess {
  /** 0 (guessed at once) to 4 (very hard to guess). */
  score: number;
  /** What makes it weak, as a sentence, when there is something to say. */
  warning: string | null;
}

/** Judges a password; `personal` are words that a guesser would try first, such as the address. */
export function createGuesser(personal: readonly string[]): (password: string) => Guess {
  const zxcvbn = new ZxcvbnFactory({
    translations: { ...translations, warnings: { ...translations.warnings, userInputs: PERSONAL } },
    graphs: common.adjacencyGraphs,
    dictionary: { ...common.dictionary, "wikipedia-en": words, "firstnames-en": firstNames },
  });
  const userInputs = personal.flatMap(spellings);
  return (password) => {
    const { score, feedback } = zxcvbn.check(password.slice(0, LONGEST_JUDGED), userInputs);
    return { score, warning: feedback.warning };
  };
}

/** A name or address as people build it into passwords: whole, before the @, joined, and word by word. */
function spellings(name: string): string[] {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return [name, name.split("@")[0] ?? name, words.join(""), ...words];
}
