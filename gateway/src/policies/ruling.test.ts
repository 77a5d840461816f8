import { compileRules, type Rules } from "@sealpost/shared/policy/compile.ts";
import type { PolicyRow } from "@sealpost/shared/policy/rows.ts";
import { mail as mailOf } from "@sealpost/shared/policy/testing/mail.ts";
import { factsOf as facts, policyRow, ruleRows } from "@sealpost/shared/policy/testing/rows.ts";
import { expect, test } from "vitest";
import { readPath } from "../arrival/arrived.ts";
import type { MailExamination } from "../examine/examine-mail.ts";
import { factsOf, ruleMail } from "./ruling.ts";

function rulesOf(dictionary: string | null, changes: Partial<PolicyRow> = {}): Rules {
  const dictionaries = ["Old", "New"].map(
    (name) => ({ name, activation_score: 1, scoring: "each component", lines: [] }) as const,
  );
  const compiled = compileRules(
    ruleRows({ dictionaries, policies: [policyRow({ dictionary, action: "refuse", ...changes })] }),
  );
  if (compiled.kind === "wrong") throw new Error(JSON.stringify(compiled));
  return compiled.rules;
}

/** An examiner that finds something in the body by this dictionary. */
function makeExaminer(dictionary: () => string) {
  const seen = { count: 0 };
  const score = { score: 3, because: "counted", withheldBy: null, hits: [] } as const;
  const examine = async (): Promise<MailExamination> => {
    seen.count++;
    return {
      examination: { dictionaries: [{ name: dictionary(), components: [score], summed: score }], cut: [] },
      components: [{ kind: "body", name: null, length: 1 }],
      ...{ conditions: [], files: [], texts: [], lost: false },
    };
  };
  return { seen, examiner: { examine } };
}

const raw = { raw: Buffer.alloc(0) };
const mail = mailOf({});
const clock = { now: () => 0 };

test("a mail that no policy could mean by its addresses is not examined", async () => {
  const { seen, examiner } = makeExaminer(() => "Old");
  const rules = { get: () => rulesOf("Old", { to_kind: "domain", to_value: "partner.example" }) };

  const ruling = await ruleMail({ rules, examiner, ...clock }, raw, { mail, facts: facts() });

  expect(ruling?.decided).toBeNull();
  expect(seen.count).toBe(0);
});

test("a mail that a policy could mean is examined once", async () => {
  const { seen, examiner } = makeExaminer(() => "Old");
  const rules = { get: () => rulesOf("Old") };

  const ruling = await ruleMail({ rules, examiner, ...clock }, raw, { mail, facts: facts() });

  expect(ruling?.decided).toMatchObject({ component: "body", score: 3 });
  expect(seen.count).toBe(1);
});

test("where the dictionaries changed under an examination, the mail is judged anew by the rules that belong to them", async () => {
  const now = { rules: rulesOf("Old") };
  const { seen, examiner } = makeExaminer(() => {
    now.rules = rulesOf("New");
    return "New";
  });

  const ports = { rules: { get: () => now.rules }, examiner, ...clock };
  const ruling = await ruleMail(ports, raw, { mail, facts: facts() });

  expect(ruling?.decided?.policy.activation?.dictionary).toBe("New");
  expect(seen.count).toBe(2);
});

test("where they never come to agree, the mail is not let pass", async () => {
  const { examiner } = makeExaminer(() => "Other");
  const ports = { rules: { get: () => rulesOf("Old") }, examiner, ...clock };

  await expect(ruleMail(ports, raw, { mail, facts: facts() })).rejects.toThrow("not those of the examiner");
});

test("before any rules were read there is no ruling", async () => {
  const { examiner } = makeExaminer(() => "Old");

  const ports = { rules: { get: () => undefined }, examiner, ...clock };

  expect(await ruleMail(ports, raw, { mail, facts: facts() })).toBeUndefined();
});

test("policies look at who was authenticated, at the envelope, and at what the headers say, each by itself", () => {
  const isInside = (address: string) => address.endsWith("@acme.example");
  const arrived = {
    recipients: ["Bob@Elsewhere.example", "x@[192.0.2.1]"].map(readPath),
    client: { address: "::ffff:10.0.0.1", helo: "x", protocol: "ESMTP" },
  };
  const person = (address: string) => ({ name: "", address });
  const written = mailOf({
    from: [person("Ann@ACME.example")],
    to: [person("Eve@elsewhere.example")],
    cc: [person("carol@acme.example")],
    sensitivity: "Company-Confidential",
  });

  const known = factsOf(arrived, {
    mail: written,
    sender: "zoe@acme.example",
    nowMs: 5,
    isInternal: isInside,
  });

  expect(known).toMatchObject({
    sender: "zoe@acme.example",
    authors: ["ann@acme.example"],
    recipients: ["bob@elsewhere.example", "x@[192.0.2.1]"],
    named: ["eve@elsewhere.example", "carol@acme.example"],
    confidential: true,
    source: { family: 4 },
  });
  expect(known.isInternal("x@[192.0.2.1]")).toBe(false);
});
