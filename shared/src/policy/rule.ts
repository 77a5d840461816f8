/**
 * The ruling of all policies about one mail: the one that decides, those that only say so, and each one's own line.
 *
 * Pure. A refusal outranks every other policy, so that a late "refuse" cannot be hidden by an early, broader "secure"; then the
 * first that applies decides. [Note: Refusal outranks securing] One recipient that a policy means is enough: a mail is one
 * mail, and what is secured is secured for all of its external recipients.
 */
import type { Facts, Findings } from "./facts.ts";
import { type Meeting, meet } from "./meet.ts";
import type { Policy } from "./policy.ts";

/** A policy that applies, and by what. */
export type Applied = {
  readonly policy: Policy;
  readonly component: string | null;
  readonly score: number | null;
};

export type PolicyLine = { readonly policy: Policy; readonly meeting: Meeting };

export type Ruling = {
  /** Null where no policy applies. */
  readonly decided: Applied | null;
  /** What would decide if nobody had to review: what a held mail meets when it is released. */
  readonly afterReview: Applied | null;
  /** Policies on trial that apply. */
  readonly dryRuns: readonly Applied[];
  /** A policy asked for an examination that was broken off. */
  readonly unseen: boolean;
  /** One for each policy, in order. */
  readonly lines: readonly PolicyLine[];
};

export const NO_RULING: Ruling = { decided: null, afterReview: null, dryRuns: [], unseen: false, lines: [] };

/**
 * Whether the mail has to be examined before it can be ruled about. Not for policies that an earlier one outranks, nor for
 * mail from outside, to which policies do not apply.
 */
export function needsFindings(policies: readonly Policy[], facts: Facts): boolean {
  if (!facts.isInternal(facts.sender)) return false;
  let isDecided = false;
  for (const policy of policies) {
    const outranked = isDecided && policy.action.kind !== "refuse" && !policy.dryRun;
    if (outranked) continue;
    const { kind } = meet(policy, facts, null);
    if (kind === "asks") return true;
    if (kind === "applies" && !policy.dryRun && policy.action.kind !== "hold") isDecided = true;
  }
  return false;
}

/** Rules. `findings` may be null where `needsFindings` said so. */
export function rule(policies: readonly Policy[], facts: Facts, findings: Findings | null): Ruling {
  if (!facts.isInternal(facts.sender)) return NO_RULING;
  const lines = policies.map((policy) => ({ policy, meeting: meet(policy, facts, findings) }));
  const applied = lines.flatMap(({ policy, meeting }) => {
    if (meeting.kind !== "applies") return [];
    return [{ policy, component: meeting.component, score: meeting.score }];
  });
  const effective = applied.filter(({ policy }) => !policy.dryRun);
  const refusal = effective.find(({ policy }) => policy.action.kind === "refuse");
  return {
    decided: refusal ?? effective[0] ?? null,
    afterReview: effective.find(({ policy }) => policy.action.kind !== "hold") ?? null,
    dryRuns: applied.filter(({ policy }) => policy.dryRun),
    unseen: findings?.lost === true && policies.some((policy) => asks(policy, facts)),
    lines,
  };
}

function asks(policy: Policy, facts: Facts): boolean {
  return !policy.dryRun && meet(policy, facts, null).kind === "asks";
}
