/**
 * One line of a dictionary: what to look for, and what it is worth.
 */
import type { ValidatorName } from "./validators/validators.ts";

/** What a hit means. `syntax.ts` says how it is written, `score.ts` what it does. */
export type Role = "counted" | "required" | "exclude";

export type Pattern =
  | { readonly kind: "phrase"; readonly text: string }
  | { readonly kind: "expression"; readonly source: string; readonly validators: readonly ValidatorName[] };

export type Line = {
  /** Where it stands, counted from 1: in its file, or the row's own number. */
  readonly number: number;
  readonly weight: number;
  /** The most that all matches together are worth; null: the line counts once. */
  readonly maxScore: number | null;
  readonly role: Role;
  readonly pattern: Pattern;
  readonly comment: string | null;
};

/** What is wrong with a line: a sentence that names the mend. Shown to administrators only. */
export type LineError = { readonly number: number; readonly sentence: string };
