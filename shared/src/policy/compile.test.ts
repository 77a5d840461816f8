import { describe, expect, test } from "vitest";
import { compileRules } from "./compile.ts";
import { parseRules } from "./rows.ts";
import { policyRow, ruleRows } from "./testing/rows.ts";

const words = {
  name: "Words",
  activation_score: 5,
  scoring: "each component",
  lines: [{ number: 7, source: '5 "falcon"' }],
} as const;

test("a set that says what can be done is compiled in its order, with the dictionaries that it names and no others", () => {
  const compiled = compileRules(
    ruleRows({
      groups: [{ name: "Board", members: ["ann@acme.example", "rita@acme.example", ".acme.example"] }],
      dictionaries: [words, { ...words, name: "Unused", lines: [{ number: 1, source: "nonsense" }] }],
      policies: [
        policyRow({ name: "B", dictionary: "Words" }),
        policyRow({ name: "A", action: "hold", reviewers: "Board", source_range: "10.0.0.0/8" }),
      ],
    }),
  );

  expect(compiled).toMatchObject({
    kind: "compiled",
    rules: {
      policies: [
        { name: "B", activation: { dictionary: "Words", score: 5 } },
        { name: "A", action: { kind: "hold", reviewers: ["ann@acme.example", "rita@acme.example"] } },
      ],
      dictionaries: [{ name: "Words" }],
    },
  });
});

describe("a set with a row that cannot be used", () => {
  test("each such row is named with its sentence, and all at once", () => {
    const compiled = compileRules(
      ruleRows({
        groups: [{ name: "Nobody", members: [".acme.example"] }],
        dictionaries: [{ ...words, lines: [{ number: 7, source: '5 regex "("' }] }],
        policies: [
          policyRow({ name: "Gone group", to_kind: "group", to_value: "Gone" }),
          policyRow({ name: "No reviewers", action: "hold", reviewers: "Nobody" }),
          policyRow({ name: "Bad words", dictionary: "Words" }),
          policyRow({ name: "Gone words", dictionary: "Gone" }),
          policyRow({ name: "Odd", from_kind: "domain", from_value: "no domain", source_range: "home" }),
          policyRow({ name: "__proto__", to_kind: "address", to_value: "nobody" }),
        ],
      }),
    );

    expect(compiled.kind).toBe("wrong");
    if (compiled.kind !== "wrong") return;
    expect(Object.keys(compiled.policies).sort()).toEqual(
      ["Gone group", "No reviewers", "Gone words", "Odd", "__proto__"].sort(),
    );
    expect(compiled.policies["Gone group"]).toBe('to: there is no group named "Gone".');
    expect(compiled.policies.Odd).toMatch(/source_range: "home" .* from: "no domain"/);
    expect(compiled.dictionaries.Words).toMatch(/^Line 7: /);
  });
});

describe("the rows of the database", () => {
  test("they are read whole", () => {
    const rows = ruleRows({ dictionaries: [words], policies: [policyRow()] });

    expect(parseRules(JSON.parse(JSON.stringify(rows)))).toEqual({ kind: "parsed", value: rows });
  });

  test("or not at all, with the place that does not fit", () => {
    const odd = { ...policyRow(), action: "delete" };

    expect(parseRules({ ...ruleRows(), policies: [odd] })).toEqual({
      kind: "malformed",
      what: "rules.policies[0].action",
    });
    expect(parseRules({ ...ruleRows(), policies: [{ ...policyRow(), colour: "red" }] }).kind).toBe(
      "malformed",
    );
    expect(parseRules(null).kind).toBe("malformed");
  });
});
