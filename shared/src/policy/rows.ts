/**
 * Policies, groups and dictionaries as the database gives them (`private.gateway_policies`), and as a file for explaining does.
 */
import {
  claim,
  exactly,
  list,
  nullable,
  type Parsed,
  record,
  type Shape,
  text,
  whole,
} from "../wire/shape.ts";

type PartyRow = "anybody" | "internal" | "external" | "address" | "domain" | "group";
type PartRow = "envelope" | "header" | "both";

export type PolicyRow = {
  readonly name: string;
  readonly dry_run: boolean;
  readonly valid_from_ms: number | null;
  readonly valid_until_ms: number | null;
  readonly from_kind: PartyRow;
  readonly from_value: string | null;
  readonly from_part: PartRow;
  readonly to_kind: PartyRow;
  readonly to_value: string | null;
  readonly to_part: PartRow;
  readonly except_from_kind: PartyRow | null;
  readonly except_from_value: string | null;
  readonly except_to_kind: PartyRow | null;
  readonly except_to_value: string | null;
  readonly source_range: string | null;
  readonly dictionary: string | null;
  readonly when_encrypted: boolean;
  readonly when_unscannable: boolean;
  readonly when_half_scanned: boolean;
  readonly when_confidential: boolean;
  readonly when_label: string | null;
  readonly action: "secure" | "relay" | "hold" | "refuse";
  readonly definition: string | null;
  readonly reviewers: string | null;
  readonly tell_sender: string | null;
};

export type DictionaryRow = {
  readonly name: string;
  readonly activation_score: number;
  readonly scoring: "each component" | "summed";
  readonly lines: readonly { readonly number: number; readonly source: string }[];
};

export type GroupRow = { readonly name: string; readonly members: readonly string[] };

/** Policies stand in their order. */
export type RuleRows = {
  readonly version: number;
  readonly groups: readonly GroupRow[];
  readonly dictionaries: readonly DictionaryRow[];
  readonly policies: readonly PolicyRow[];
};

/** Longer than the columns allow; limits here only keep a damaged answer from filling the memory. */
const NAME = 200;
const VALUE = 1_000;
const MOST_ROWS = 100_000;
const MOST_LINES = 1_000_000;
const LATEST_MS = 8_640_000_000_000_000;

function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  const shapes = words.map((word) => exactly(word));
  return (value, path) => {
    for (const shape of shapes) {
      const read = shape(value, path);
      if (read.kind === "parsed") return read;
    }
    return { kind: "malformed", what: path };
  };
}

const party = oneOf("anybody", "internal", "external", "address", "domain", "group");
const part = oneOf("envelope", "header", "both");
const time = nullable(whole(-LATEST_MS, LATEST_MS));
const value = nullable(text(VALUE));

const policy = record<PolicyRow>({
  name: text(NAME),
  dry_run: claim,
  valid_from_ms: time,
  valid_until_ms: time,
  from_kind: party,
  from_value: value,
  from_part: part,
  to_kind: party,
  to_value: value,
  to_part: part,
  except_from_kind: nullable(party),
  except_from_value: value,
  except_to_kind: nullable(party),
  except_to_value: value,
  source_range: value,
  dictionary: value,
  when_encrypted: claim,
  when_unscannable: claim,
  when_half_scanned: claim,
  when_confidential: claim,
  when_label: value,
  action: oneOf("secure", "relay", "hold", "refuse"),
  definition: value,
  reviewers: value,
  tell_sender: value,
});

const dictionary = record<DictionaryRow>({
  name: text(NAME),
  activation_score: whole(1, Number.MAX_SAFE_INTEGER),
  scoring: oneOf("each component", "summed"),
  lines: list(
    record<DictionaryRow["lines"][number]>({
      number: whole(0, Number.MAX_SAFE_INTEGER),
      source: text(10_000),
    }),
    MOST_LINES,
  ),
});

const rules = record<RuleRows>({
  version: whole(0, Number.MAX_SAFE_INTEGER),
  groups: list(record<GroupRow>({ name: text(NAME), members: list(text(VALUE), MOST_ROWS) }), MOST_ROWS),
  dictionaries: list(dictionary, MOST_ROWS),
  policies: list(policy, MOST_ROWS),
});

/** Reads the rows out of a value of unknown origin. */
export function parseRules(value: unknown): Parsed<RuleRows> {
  return rules(value, "rules");
}
