/**
 * Whether one policy applies to one mail, and if not, the first reason why.
 *
 * Addresses, time and source come first, since they cost nothing; what needs examination comes last.
 */
import { highest } from "../dictionary/examine.ts";
import { componentName, type Facts, type Findings } from "./facts.ts";
import { isAmong } from "./people.ts";
import type { Activation, Part, Party, Policy } from "./policy.ts";
import { isInRange } from "./source-range.ts";

export type Meeting =
  /** `component` names where, `score` is the dictionary's; null where neither was asked for. */
  | { kind: "applies"; component: string | null; score: number | null }
  | { kind: "passes"; why: Why }
  /** Only an examination can say. */
  | { kind: "asks" };

export type Why =
  | { kind: "not-yet-valid" | "no-longer-valid" | "other-source" | "no-condition" }
  | { kind: "other-sender" | "excepted-sender" | "other-recipients" | "excepted-recipients" }
  | { kind: "below-score"; score: number; needed: number };

const APPLIES: Meeting = { kind: "applies", component: null, score: null };

/** With findings the answer is never "asks". */
export function meet(policy: Policy, facts: Facts, findings: Findings | null): Meeting {
  const why = strangeness(policy, facts);
  if (why !== null) return { kind: "passes", why: { kind: why } };
  const condition = meetCondition(policy, facts, findings);
  if (condition.kind === "passes" || policy.activation === null) return condition;
  return findings === null ? { kind: "asks" } : meetActivation(policy.activation, findings);
}

/** Why a policy has nothing to do with a mail, by what is known at once. */
function strangeness(policy: Policy, facts: Facts): Exclude<Why["kind"], "below-score"> | null {
  const { nowMs } = facts;
  if (policy.validFromMs !== null && nowMs < policy.validFromMs) return "not-yet-valid";
  if (policy.validUntilMs !== null && nowMs >= policy.validUntilMs) return "no-longer-valid";
  if (policy.sourceRange !== null && !isInRange(policy.sourceRange, facts.source)) return "other-source";
  const from = sides(policy.from.part, [facts.sender], facts.authors);
  const senders = meant(from, { party: policy.from.party, exception: policy.exceptFrom }, facts);
  if (senders !== "meant") return `${senders}-sender`;
  const to = sides(policy.to.part, facts.recipients, facts.named);
  const recipients = meant(to, { party: policy.to.party, exception: policy.exceptTo }, facts);
  return recipients === "meant" ? null : `${recipients}-recipients`;
}

/** Whether a policy means one of these: "excepted" where all that it means are exceptions, "other" where it means none. */
function meant(
  addresses: readonly string[],
  { party, exception }: { readonly party: Party; readonly exception: Party | null },
  facts: Facts,
): "meant" | "excepted" | "other" {
  let answer: "excepted" | "other" = "other";
  for (const address of addresses) {
    if (!isParty(party, address, facts)) continue;
    if (exception === null || !isParty(exception, address, facts)) return "meant";
    answer = "excepted";
  }
  return answer;
}

function sides(part: Part, envelope: readonly string[], header: readonly string[]): readonly string[] {
  switch (part) {
    case "envelope":
      return envelope;
    case "header":
      return header;
    case "both":
      return [...envelope, ...header];
  }
}

function isParty(party: Party, address: string, { isInternal }: Facts): boolean {
  switch (party.kind) {
    case "anybody":
      return true;
    case "internal":
      return isInternal(address);
    case "external":
      return !isInternal(address);
    case "people":
      return isAmong(party.people, address);
  }
}

function meetCondition({ conditions, label }: Policy, facts: Facts, findings: Findings | null): Meeting {
  if (conditions.length === 0) return APPLIES;
  const marked = conditions.some(
    (kind) =>
      (kind === "confidential" && facts.confidential) ||
      (kind === "label" && label !== null && facts.labels.includes(label)),
  );
  if (marked) return APPLIES;
  const examined = conditions.filter((kind) => kind !== "confidential" && kind !== "label");
  if (examined.length > 0 && findings === null) return { kind: "asks" };
  const found = findings?.conditions.find(({ kind }) => examined.includes(kind));
  if (findings === null || found === undefined) return { kind: "passes", why: { kind: "no-condition" } };
  return { kind: "applies", component: componentName(findings.components, found.component), score: null };
}

function meetActivation({ dictionary, score: needed, scoring }: Activation, findings: Findings): Meeting {
  const result = findings.dictionaries.find(({ name }) => name === dictionary);
  const best = result === undefined ? null : highest(result);
  const score = (scoring === "summed" ? result?.summed.score : best?.score) ?? 0;
  if (score < needed) return { kind: "passes", why: { kind: "below-score", score, needed } };
  if (scoring === "summed") return { kind: "applies", component: "all components", score };
  return { kind: "applies", component: componentName(findings.components, best?.component ?? null), score };
}
