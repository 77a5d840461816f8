import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRules } from "./compile.ts";
import type { Facts, Findings } from "./facts.ts";
import type { Policy } from "./policy.ts";
import type { PolicyRow, RuleRows } from "./rows.ts";
import { needsFindings, rule } from "./rule.ts";
import { parseIp } from "./source-range.ts";
import { factsOf, policyRow, ruleRows } from "./testing/rows.ts";

function policiesOf(rows: readonly Partial<PolicyRow>[], more: Partial<RuleRows> = {}): readonly Policy[] {
  const dictionaries = [
    { name: "Words", activation_score: 5, scoring: "each component", lines: [] },
    { name: "All words", activation_score: 5, scoring: "summed", lines: [] },
  ] as const;
  const policies = rows.map((row, index) => policyRow({ name: `Rule ${index + 1}`, ...row }));
  const compiled = compileRules(ruleRows({ dictionaries, policies, ...more }));
  if (compiled.kind === "wrong") throw new Error(JSON.stringify(compiled));
  return compiled.rules.policies;
}

/** Scores of headers, body and one attachment. */
function found(scores: readonly number[], conditions: Findings["conditions"] = []): Findings {
  const score = (value: number) =>
    ({ score: value, because: "counted", withheldBy: null, hits: [] }) as const;
  const components = scores.map(score);
  const summed = score(scores.reduce((sum, each) => sum + each, 0));
  return {
    dictionaries: ["Words", "All words"].map((name) => ({ name, components, summed })),
    components: [{ kind: "headers" }, { kind: "body" }, { kind: "attachment" }],
    conditions,
    lost: false,
  };
}

function decidedBy(rows: readonly Partial<PolicyRow>[], facts: Partial<Facts> = {}, findings = found([])) {
  return rule(policiesOf(rows), factsOf(facts), findings).decided?.policy.name ?? null;
}

describe("whose mail a policy means", () => {
  const toEve = { to_kind: "address", to_value: "eve@elsewhere.example" } as const;

  test("one recipient that it means is enough, and none is not", () => {
    const both = { recipients: ["bob@elsewhere.example", "eve@elsewhere.example"] };

    expect(decidedBy([toEve], both)).toBe("Rule 1");
    expect(decidedBy([toEve])).toBeNull();
  });

  test("who is named in To but not in the envelope counts where the policy looks at the header", () => {
    const named = { named: ["eve@elsewhere.example"] };

    expect(decidedBy([toEve], named)).toBeNull();
    expect(decidedBy([{ ...toEve, to_part: "header" }], named)).toBe("Rule 1");
    expect(decidedBy([{ ...toEve, to_part: "both" }], named)).toBe("Rule 1");
  });

  test("a sender of a group, but not one who is excepted", () => {
    const groups = [
      { name: "Sales", members: [".acme.example"] },
      { name: "Heads", members: ["ann@acme.example"] },
    ];
    const row = {
      from_kind: "group",
      from_value: "Sales",
      except_from_kind: "group",
      except_from_value: "Heads",
    } as const;
    const policies = policiesOf([row], { groups });

    expect(rule(policies, factsOf({ sender: "zoe@acme.example" }), null).decided).not.toBeNull();
    expect(rule(policies, factsOf(), null).decided).toBeNull();
  });

  test("recipients that are excepted do not count, the others still do", () => {
    const partners = { except_to_kind: "domain", except_to_value: "partner.example" } as const;

    expect(decidedBy([partners], { recipients: ["pat@partner.example"] })).toBeNull();
    expect(decidedBy([partners], { recipients: ["pat@partner.example", "bob@elsewhere.example"] })).toBe(
      "Rule 1",
    );
  });

  test("mail that stays inside is not meant by a policy for people outside", () => {
    expect(decidedBy([{}], { recipients: ["carol@acme.example"] })).toBeNull();
    expect(decidedBy([{ to_kind: "internal" }], { recipients: ["carol@acme.example"] })).toBe("Rule 1");
  });

  test("mail from outside is never judged by policies", () => {
    expect(
      decidedBy([{ to_kind: "anybody", action: "refuse" }], { sender: "eve@elsewhere.example" }),
    ).toBeNull();
  });

  test("only while it is valid, to the millisecond, and only from its source", () => {
    const window = { valid_from_ms: 1_000, valid_until_ms: 2_000 };

    expect([999, 1_000, 1_999, 2_000].map((nowMs) => decidedBy([window], { nowMs }))).toEqual([
      ...[null, "Rule 1", "Rule 1", null],
    ]);
    expect(decidedBy([{ source_range: "10.0.0.0/8" }], { source: parseIp("10.1.1.1") })).toBe("Rule 1");
    expect(decidedBy([{ source_range: "10.0.0.0/8" }])).toBeNull();
  });
});

describe("what a policy asks of the content", () => {
  test("one component alone reaches the score, or all of them together", () => {
    const [each, summed] = [{ dictionary: "Words" }, { dictionary: "All words" }];

    expect(decidedBy([each], {}, found([0, 3, 3]))).toBeNull();
    expect(decidedBy([summed], {}, found([0, 3, 3]))).toBe("Rule 1");
    expect(rule(policiesOf([each]), factsOf(), found([0, 3, 7])).decided).toMatchObject({
      component: "attachment 1",
      score: 7,
    });
  });

  test("one of its conditions is enough, whether examined or marked; a dictionary is asked besides", () => {
    const row = { when_encrypted: true, when_confidential: true };
    const encrypted = found([0, 9, 0], [{ kind: "encrypted", component: 2 }]);

    expect(decidedBy([row], {}, encrypted)).toBe("Rule 1");
    expect(decidedBy([row], { confidential: true })).toBe("Rule 1");
    expect(decidedBy([row])).toBeNull();
    expect(decidedBy([{ ...row, dictionary: "Words" }], {}, encrypted)).toBe("Rule 1");
    expect(decidedBy([{ ...row, dictionary: "Words" }], {}, found([9]))).toBeNull();
    expect(decidedBy([{ ...row, dictionary: "Words" }], { confidential: true })).toBeNull();
  });

  test("a sensitivity label is known by its id in any case", () => {
    const label = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";

    expect(decidedBy([{ when_label: label.toUpperCase() }], { labels: [label] })).toBe("Rule 1");
    expect(decidedBy([{ when_label: label }], { labels: [label.replace("2", "3")] })).toBeNull();
  });
});

describe("laws of every set of policies", () => {
  const row = fc.record({
    action: fc.constantFrom("secure", "relay", "refuse", "hold"),
    dry_run: fc.boolean(),
    dictionary: fc.constantFrom(null, "Words", "All words"),
    when_encrypted: fc.boolean(),
    to_kind: fc.constantFrom("external", "internal", "anybody"),
  });
  const groups = [{ name: "Reviewers", members: ["rita@acme.example"] }];
  const sets = fc.array(row, { maxLength: 8 }).map((rows) =>
    policiesOf(
      rows.map(
        (each) => ({ ...each, reviewers: each.action === "hold" ? "Reviewers" : null }) as Partial<PolicyRow>,
      ),
      { groups },
    ),
  );
  const findings = fc
    .tuple(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }), fc.boolean())
    .map(([scores, encrypted]) => found(scores, encrypted ? [{ kind: "encrypted", component: null }] : []));

  test("a refusal that applies decides, whatever stands before it; else the first that applies", () => {
    fc.assert(
      fc.property(sets, findings, (policies, seen) => {
        const { decided, lines } = rule(policies, factsOf(), seen);
        const applying = lines.filter(({ policy, meeting }) => meeting.kind === "applies" && !policy.dryRun);
        const refusal = applying.find(({ policy }) => policy.action.kind === "refuse");
        expect(decided?.policy).toBe((refusal ?? applying[0])?.policy);
      }),
    );
  });

  test("a dry run changes no decision", () => {
    fc.assert(
      fc.property(sets, findings, (policies, seen) => {
        const effective = policies.filter(({ dryRun }) => !dryRun);
        const [all, without] = [policies, effective].map((each) => rule(each, factsOf(), seen));
        expect(all?.decided).toEqual(without?.decided);
        expect(without?.dryRuns).toEqual([]);
      }),
    );
  });

  test("a mail that need not be examined is decided the same whatever an examination would find", () => {
    fc.assert(
      fc.property(sets, findings, (policies, seen) => {
        fc.pre(!needsFindings(policies, factsOf()));
        const [unseen, examined] = [null, seen].map((each) => rule(policies, factsOf(), each));
        expect(unseen?.decided?.policy).toBe(examined?.decided?.policy);
        expect(unseen?.afterReview?.policy).toBe(examined?.afterReview?.policy);
        expect(unseen?.dryRuns).toEqual(examined?.dryRuns);
      }),
    );
  });
});

test("content is looked at only if a policy could apply by its addresses, and none before it decides", () => {
  const asks = { dictionary: "Words" };

  expect(needsFindings(policiesOf([asks]), factsOf())).toBe(true);
  expect(needsFindings(policiesOf([asks]), factsOf({ recipients: ["carol@acme.example"] }))).toBe(false);
  expect(needsFindings(policiesOf([{}, asks]), factsOf())).toBe(false);
  expect(needsFindings(policiesOf([{}, { ...asks, action: "refuse" }]), factsOf())).toBe(true);
});

test("an examination that was broken off is told where a policy had asked for it, and only there", () => {
  const lost = { ...found([]), lost: true };
  const unseen = (rows: readonly Partial<PolicyRow>[], findings = lost) =>
    rule(policiesOf(rows), factsOf(), findings).unseen;

  expect(unseen([{ dictionary: "Words" }])).toBe(true);
  expect(unseen([{ dictionary: "Words" }], found([]))).toBe(false);
  expect(unseen([{ dictionary: "Words", dry_run: true }])).toBe(false);
  expect(unseen([{ dictionary: "Words", to_kind: "internal" }])).toBe(false);
});
