/**
 * Rows and facts for tests, each with one thing changed.
 */
import type { Facts } from "../facts.ts";
import type { PolicyRow, RuleRows } from "../rows.ts";
import { parseIp } from "../source-range.ts";

/** Any mail from inside to outside is secured. */
export function policyRow(changes: Partial<PolicyRow> = {}): PolicyRow {
  return {
    name: "Rule",
    dry_run: false,
    ...{ valid_from_ms: null, valid_until_ms: null },
    ...{ from_kind: "anybody", from_value: null, from_part: "envelope" },
    ...{ to_kind: "external", to_value: null, to_part: "envelope" },
    ...{ except_from_kind: null, except_from_value: null, except_to_kind: null, except_to_value: null },
    ...{ source_range: null, dictionary: null, when_label: null },
    ...{ when_encrypted: false, when_unscannable: false, when_half_scanned: false, when_confidential: false },
    ...{ action: "secure", definition: null, reviewers: null, tell_sender: null },
    ...changes,
  };
}

export function ruleRows(changes: Partial<RuleRows> = {}): RuleRows {
  return { version: 1, groups: [], dictionaries: [], policies: [], ...changes };
}

/** Ann of acme.example writes to Bob outside. */
export function factsOf(changes: Partial<Facts> = {}): Facts {
  return {
    sender: "ann@acme.example",
    authors: ["ann@acme.example"],
    recipients: ["bob@elsewhere.example"],
    named: ["bob@elsewhere.example"],
    source: parseIp("127.0.0.1"),
    nowMs: 1_000,
    confidential: false,
    labels: [],
    isInternal: (address) => address.endsWith("@acme.example"),
    ...changes,
  };
}
