/**
 * A policy: what happens to which mail. Compiled from a row of the database, ready to be judged by.
 */
import type { DefinitionName } from "./definition.ts";
import type { People } from "./people.ts";
import type { SourceRange } from "./source-range.ts";

export type Party =
  | { readonly kind: "anybody" | "internal" | "external" }
  /** An address, a domain, or the members of a group. */
  | { readonly kind: "people"; readonly people: People };

/** Where addresses are looked for: the envelope, the header fields, or either of both. */
export type Part = "envelope" | "header" | "both";

export type Sided = { readonly party: Party; readonly part: Part };

/** What examination can say of a mail besides scores, and what its sender marked it with. */
export type ConditionKind = "encrypted" | "unscannable" | "half-scanned" | "confidential" | "label";

/** The score from which on a dictionary counts as found, in one component or in all together. */
export type Activation = {
  readonly dictionary: string;
  readonly score: number;
  readonly scoring: "each component" | "summed";
};

export type Action =
  /** A definition of null is the organisation's default one. */
  | { readonly kind: "secure"; readonly definition: DefinitionName | null }
  | { readonly kind: "relay" }
  /** `definition` secures what is released; null leaves that to the tag and to the other policies. */
  | {
      readonly kind: "hold";
      readonly definition: DefinitionName | null;
      readonly reviewers: readonly string[];
    }
  | { readonly kind: "refuse" };

export type Policy = {
  readonly name: string;
  /** Judged and logged, but without effect. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970; null for no bound. The end is excluded. */
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
  readonly from: Sided;
  readonly to: Sided;
  readonly exceptFrom: Party | null;
  readonly exceptTo: Party | null;
  readonly sourceRange: SourceRange | null;
  readonly activation: Activation | null;
  /** At least one of these must hold; none asked for where it is empty. */
  readonly conditions: readonly ConditionKind[];
  /** The id of the sensitivity label that the condition "label" means. */
  readonly label: string | null;
  readonly action: Action;
  /** The administrator's words for the sender; null for none. */
  readonly tellSender: string | null;
};
