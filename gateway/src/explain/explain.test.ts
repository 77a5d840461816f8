import { compileRules } from "@sealpost/shared/policy/compile.ts";
import type { RuleRows } from "@sealpost/shared/policy/rows.ts";
import { policyRow, ruleRows } from "@sealpost/shared/policy/testing/rows.ts";
import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";
import { explainMail } from "./explain.ts";
import { printExplanation } from "./print.ts";

const list = [
  "From: Ann <ann@acme.example>",
  "To: bob@elsewhere.example",
  "Subject: The list",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "Content-Type: text/plain",
  "",
  "Here it is.",
  "--b",
  'Content-Type: text/csv; name="list.csv"',
  'Content-Disposition: attachment; filename="list.csv"',
  "",
  "Ann,4539578763621486",
  "--b--",
  "",
].join("\r\n");

const cards = {
  name: "Cards",
  activation_score: 1,
  scoring: "each component",
  lines: [{ number: 12, source: '1 regex,cardnumber "\\b\\d{13,19}\\b"' }],
} as const;

async function explained(rows: Partial<RuleRows>, args: readonly string[] = []): Promise<string> {
  const compiled = compileRules(ruleRows({ dictionaries: [cards], ...rows }));
  const parsed = parseArguments(["mail.eml", ...args], 0);
  if (compiled.kind === "wrong" || parsed.kind === "wrong")
    throw new Error(JSON.stringify([compiled, parsed]));
  const present = { organisation: null, rules: compiled.rules };
  return printExplanation(await explainMail(Buffer.from(list), parsed.arguments, present));
}

test("an administrator sees the verdict, each policy's line, where and what by masked matches, and the text that was seen", async () => {
  const text = await explained({
    policies: [
      policyRow({ name: "Board", from_kind: "address", from_value: "carol@acme.example" }),
      policyRow({ name: "Card numbers", dictionary: "Cards", action: "refuse" }),
      policyRow({ name: "Everything", action: "secure", dry_run: true }),
    ],
  });

  expect(text).toContain('Verdict: refuse, because of policy "Card numbers"');
  expect(text).toContain("1. Board (secure): does not apply: it is about other senders");
  expect(text).toContain("2. Card numbers (refuse): applies, by attachment 1, score 1");
  expect(text).toContain("3. Everything (secure, dry run): applies");
  expect(text).toContain('line 12: 1 found, 1 counted: "################"');
  expect(text).toContain("list.csv: text, declared as text/csv");
  expect(text).toMatch(/Text of attachment 1 as it was seen:\nAnn,4539578763621486/);
  expect(text).toMatch(/Text of body as it was seen:\nHere it is\./);
});

test("another envelope and another time give another verdict", async () => {
  const policies = [policyRow({ to_kind: "domain", to_value: "partner.example", valid_from_ms: 1_000 })];

  expect(await explained({ policies })).toContain("Verdict: relay, as nothing asks for anything else");
  expect(
    await explained({ policies }, ["--to", "Pat@partner.example", "--at", "1970-01-01T00:00:01Z"]),
  ).toContain('Verdict: secure as "default", without expiry, because of policy "Rule"');
  expect(await explained({ policies }, ["--to", "pat@partner.example"])).toContain("it is not valid yet");
});

test("mail from outside is said to be no matter of policies", async () => {
  const text = await explained({ policies: [policyRow({ to_kind: "anybody" })] });
  const outside = await explained({ policies: [policyRow()] }, ["--from", "eve@elsewhere.example"]);

  expect(text).toContain("Verdict: secure");
  expect(outside).toContain("1. Rule (secure): does not apply"); // without settings the sender's own domain is inside
});

test.each([
  [[], "Name one file"],
  [["a.eml", "b.eml"], "Name one file"],
  [["a.eml", "--from", "nobody"], '--from "nobody" is no address'],
  [["a.eml", "--to", "nobody"], '--to "nobody" is no address'],
  [["a.eml", "--at", "soon"], '--at "soon" is no time'],
  [["a.eml", "--colour", "red"], "--colour"],
])("%j is answered with a sentence", (args, sentence) => {
  expect(parseArguments(args, 0)).toMatchObject({
    kind: "wrong",
    sentence: expect.stringContaining(sentence),
  });
});
