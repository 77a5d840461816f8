import { describe, expect, test } from "vitest";
import { OPEN_CONTROLS } from "../wire/controls.ts";
import { compileRules } from "./compile.ts";
import type { Definition } from "./definition.ts";
import { judge, judgeReleased } from "./judge.ts";
import type { PolicyRow } from "./rows.ts";
import { rule } from "./rule.ts";
import { mail } from "./testing/mail.ts";
import { factsOf, policyRow, ruleRows } from "./testing/rows.ts";

const DAY = 86_400_000;

function definition(name: string, changes: Partial<Definition> = {}): Definition {
  const usual = { controls: OPEN_CONTROLS, sealsForEverybody: false, tellsSender: false, label: null };
  return { name, expiresAfterMs: 30 * DAY, ...usual, ...changes };
}

const standard = definition("standard");
const week = definition("week", { expiresAfterMs: 7 * DAY });
const board = definition("board", {
  controls: { ...OPEN_CONTROLS, print: false },
  label: "11111111-2222-3333-4444-555555555555",
});
const organisation = {
  definitions: [standard, week, board],
  defaultDefinition: standard,
  confidentialDefinition: null,
  thread: null,
};

function ruling(...rows: Partial<PolicyRow>[]) {
  const groups = [{ name: "Reviewers", members: ["rita@acme.example"] }];
  const policies = rows.map((row, index) => policyRow({ name: `Rule ${index + 1}`, ...row }));
  const compiled = compileRules(ruleRows({ groups, policies }));
  if (compiled.kind === "wrong") throw new Error(JSON.stringify(compiled));
  return { ...organisation, ruling: rule(compiled.rules.policies, factsOf(), null) };
}

const tagged = (tag: string) => mail({ subject: `[secure ${tag}] Results` });

describe("a mail that a policy secures", () => {
  test("it has the policy's definition, or the default one where it names none", () => {
    expect(judge(mail({}), ruling({ definition: "week" }))).toMatchObject({
      kind: "secure",
      definition: { name: "week" },
      because: { kind: "policy", policy: "Rule 1" },
    });
    expect(judge(mail({}), ruling({}))).toMatchObject({ definition: { name: "standard" } });
  });

  test("the tag only tightens it", () => {
    const rules = ruling({ definition: "week" });

    expect(judge(tagged("60d"), rules)).toMatchObject({
      subject: "Results",
      terms: { expiresAfterMs: 7 * DAY },
    });
    expect(judge(tagged("1d"), rules)).toMatchObject({ terms: { expiresAfterMs: DAY } });
    expect(judge(tagged("board"), rules)).toMatchObject({
      definition: { name: "week" },
      terms: { expiresAfterMs: 7 * DAY, controls: { print: false } },
    });
  });

  test("in a thread it has the stricter of both definitions", () => {
    const verdict = judge(mail({}), { ...ruling({ definition: "week" }), thread: "board" });

    expect(verdict).toMatchObject({ terms: { expiresAfterMs: 7 * DAY, controls: { print: false } } });
  });
});

describe("a mail that a policy would relay", () => {
  const relays = ruling({ action: "relay" });

  test("it is relayed, also where it cannot be examined: that is what the policy says", () => {
    const deep = mail({ problems: [{ kind: "too-deep", detail: "x" }] });

    expect(judge(mail({}), relays)).toMatchObject({ kind: "relay", because: { policy: "Rule 1" } });
    expect(judge(deep, relays).kind).toBe("relay");
  });

  test("the tag, or its thread, secures it all the same", () => {
    expect(judge(tagged(""), relays)).toMatchObject({ kind: "secure", because: { kind: "tag" } });
    expect(judge(mail({}), { ...relays, thread: "week" })).toMatchObject({
      kind: "secure",
      because: { kind: "thread" },
    });
  });
});

describe("a mail whose examination was broken off, though a policy asked for it", () => {
  const unseen = (rules: ReturnType<typeof ruling>) => ({
    ...rules,
    ruling: { ...rules.ruling, unseen: true },
  });

  test("it is not relayed unseen", () => {
    expect(judge(mail({}), unseen(ruling()))).toMatchObject({
      kind: "refuse",
      because: { kind: "unscannable" },
    });
  });

  test("it may be secured, and a policy may relay it", () => {
    expect(judge(tagged(""), unseen(ruling())).kind).toBe("secure");
    expect(judge(mail({}), unseen(ruling({ action: "relay" }))).kind).toBe("relay");
  });
});

describe("a mail that a policy refuses", () => {
  test("no tag saves it, and its sender reads which rule and how to mend it, in plain letters", () => {
    const rules = ruling({ name: "Größe", action: "refuse", tell_sender: "Kürzen, bitte" });
    const verdict = judge(tagged(""), rules);

    expect(verdict).toMatchObject({
      kind: "refuse",
      tellSender: 'Kurzen, bitte. The rule "Grosse" applies. The mail was not sent.',
    });
  });

  test("the sentence fits one line of SMTP whatever the administrator wrote", () => {
    const rules = ruling({ name: "字".repeat(80), action: "refuse", tell_sender: "ﷺ".repeat(300) });
    const verdict = judge(mail({}), rules);

    expect(verdict.kind === "refuse" && verdict.tellSender).toMatch(/^[\x20-\x7e]{50,490}$/);
  });

  test("a mistyped tag is named first", () => {
    expect(judge(tagged("oops"), ruling({ action: "refuse" }))).toMatchObject({
      because: { kind: "bad-tag" },
    });
  });
});

describe("a mail that a policy holds", () => {
  const hold = { action: "hold", reviewers: "Reviewers" } as const;

  test("it waits for its reviewers, and remembers how to secure what they release", () => {
    expect(judge(mail({}), ruling({ ...hold, definition: "week" }))).toMatchObject({
      kind: "hold",
      reviewers: ["rita@acme.example"],
      release: "week",
    });
    expect(judge(mail({}), ruling(hold, { definition: "board" }))).toMatchObject({ release: "board" });
    expect(judge(mail({}), ruling(hold, { action: "relay" }))).toMatchObject({ release: null });
    expect(judge(mail({}), ruling(hold))).toMatchObject({ release: null });
  });

  test("released, it is secured as remembered, and its tag and thread still count", () => {
    const released = (subject: string, release: string | null, thread: string | null = null) =>
      judgeReleased(mail({ subject }), { ...organisation, thread }, { policy: "Rule 1", release });

    expect(released("x", null).kind).toBe("relay");
    expect(released("x", "week")).toMatchObject({ kind: "secure", definition: { name: "week" } });
    expect(released("[secure 1d] x", "week")).toMatchObject({ subject: "x", terms: { expiresAfterMs: DAY } });
    expect(released("[secure] x", null)).toMatchObject({ kind: "secure", because: { kind: "tag" } });
    expect(released("x", null, "board")).toMatchObject({ kind: "secure", because: { kind: "thread" } });
  });
});

describe("the sender's own marks", () => {
  const quiet = ruling();
  const label = { labels: [board.label ?? ""] };

  test("a label secures under the definition that the administrator gave it, and an unknown one does nothing", () => {
    expect(judge(mail(label), quiet)).toMatchObject({
      kind: "secure",
      definition: { name: "board" },
      because: { kind: "label" },
    });
    expect(judge(mail({ labels: ["00000000-0000-0000-0000-000000000000"] }), quiet).kind).toBe("relay");
  });

  test("Company-Confidential secures only where the administrator says how", () => {
    const marked = mail({ sensitivity: "Company-Confidential" });

    expect(judge(marked, quiet).kind).toBe("relay");
    expect(judge(marked, { ...quiet, confidentialDefinition: week })).toMatchObject({
      kind: "secure",
      definition: { name: "week" },
      because: { kind: "confidential" },
    });
    expect(judge(mail({ sensitivity: "Private" }), { ...quiet, confidentialDefinition: week }).kind).toBe(
      "relay",
    );
  });

  test("mark and tag count together, the stricter of both", () => {
    expect(judge(mail({ ...label, subject: "[secure week] x" }), quiet)).toMatchObject({
      terms: { expiresAfterMs: 7 * DAY, controls: { print: false } },
    });
  });
});
