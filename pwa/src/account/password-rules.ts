/**
 * The live checklist for a new password. Three rules that say what is wrong, none about character classes.
 */
import type { Guess } from "./strength.ts";

const SHORTEST_PASSWORD = 10;

/** zxcvbn's "safely unguessable": more than 10^8 guesses, each of which costs an Argon2id. */
const LOWEST_SCORE = 3;

export interface Rule {
  name: string;
  met: boolean;
  /** What would mend it, when there is something to add to the name. */
  hint: string | null;
}

export interface PasswordAttempt {
  password: string;
  repeated: string;
  /** Null while the dictionaries are still loading. */
  guess: Guess | null;
}

/** The rules in the order of the form, each met or not. */
export function passwordRules(attempt: PasswordAttempt): Rule[] {
  const { password, repeated, guess } = attempt;
  const tooEasy = guess !== null && guess.score < LOWEST_SCORE;
  return [
    {
      name: `At least ${SHORTEST_PASSWORD} characters`,
      met: [...password].length >= SHORTEST_PASSWORD,
      hint: null,
    },
    {
      name: "Hard to guess",
      met: password !== "" && guess !== null && !tooEasy,
      hint: password !== "" && tooEasy ? (guess.warning ?? "Add another word or two.") : null,
    },
    { name: "Both entries are the same", met: password !== "" && password === repeated, hint: null },
  ];
}

export function allMet(rules: readonly Rule[]): boolean {
  return rules.every((rule) => rule.met);
}
