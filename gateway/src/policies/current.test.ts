import type { RuleRows } from "@sealpost/shared/policy/rows.ts";
import { policyRow, ruleRows } from "@sealpost/shared/policy/testing/rows.ts";
import { expect, test } from "vitest";
import type { Call, Database } from "../database/database.ts";
import { makeCurrentRules } from "./current.ts";

/** What the database holds, for any number of gateways. */
function makeStore(first: RuleRows) {
  const store = {
    rows: first,
    good: ruleRows({ version: 0 }),
    marks: [] as unknown[],
    reads: 0,
    isAway: false,
    isTooMuch: false,
  };
  const call = async ({ name, values }: Call): Promise<unknown> => {
    if (store.isAway) throw new Error("away");
    switch (name) {
      case "policy_version":
        return String(store.rows.version); // bigint, as pg gives it
      case "gateway_policies":
        store.reads++;
        return store.rows;
      case "good_policies":
        return store.good;
      default: {
        const [version, policies, dictionaries] = values;
        store.marks.push({ version, policies, dictionaries });
        if (policies === "{}" && dictionaries === "{}") store.good = store.rows;
        return null;
      }
    }
  };
  const database: Database = {
    ...{ call, callBytes: async () => null, isUp: async () => true, close: async () => {} },
  };
  const used: string[][] = [];
  const examiner = {
    use: async (dictionaries: readonly { name: string }[]) => {
      used.push(dictionaries.map(({ name }) => name));
      return !store.isTooMuch;
    },
  };
  return { store, used, gateway: () => makeCurrentRules({ database, examiner, log: () => {} }) };
}

const named = (...names: string[]) => names.map((name) => policyRow({ name }));
const broken = policyRow({ name: "Broken", to_kind: "group", to_value: "Gone" });

function namesOf(rules: { get(): { policies: readonly { name: string }[] } | undefined }) {
  return rules.get()?.policies.map(({ name }) => name);
}

test("rules are read once a change, not at every look", async () => {
  const { store, gateway } = makeStore(ruleRows({ policies: named("A") }));
  const rules = gateway();

  await rules.refresh();
  await rules.refresh();
  store.rows = ruleRows({ version: 2, policies: named("A", "B") });
  await rules.refresh();

  expect(store.reads).toBe(2);
  expect(namesOf(rules)).toEqual(["A", "B"]);
});

test("a rule that cannot be used is marked, and the last good set stays in force, also for a gateway that starts now", async () => {
  const { store, gateway } = makeStore(ruleRows({ policies: named("A") }));
  const running = gateway();
  await running.refresh();

  store.rows = ruleRows({ version: 2, policies: [...named("A", "B"), broken] });
  const isGood = await running.refresh();
  const starting = gateway();
  await starting.refresh();

  expect(isGood).toBe(false);
  expect(namesOf(running)).toEqual(["A"]);
  expect(namesOf(starting)).toEqual(["A"]);
  expect(store.marks.at(-1)).toEqual({
    version: 2,
    policies: JSON.stringify({ Broken: 'to: there is no group named "Gone".' }),
    dictionaries: "{}",
  });
});

test("once it is mended, both gateways judge by the new set, and the marks go", async () => {
  const { store, gateway } = makeStore(ruleRows({ policies: [broken] }));
  const gateways = [gateway(), gateway()];
  for (const each of gateways) await each.refresh();

  store.rows = ruleRows({ version: 2, policies: named("Mended") });
  for (const each of gateways) await each.refresh();

  expect(gateways.map(namesOf)).toEqual([["Mended"], ["Mended"]]);
  expect(store.marks.at(-1)).toEqual({ version: 2, policies: "{}", dictionaries: "{}" });
});

test("while the database is away the rules stay; a gateway that never read any has none", async () => {
  const { store, gateway } = makeStore(ruleRows({ policies: named("A") }));
  const [known, fresh] = [gateway(), gateway()];
  await known.refresh();

  store.isAway = true;

  expect(await known.refresh()).toBe(false);
  expect(await fresh.refresh()).toBe(false);
  expect(namesOf(known)).toEqual(["A"]);
  expect(fresh.get()).toBeUndefined();
});

test("the examiner gets the dictionaries before the policies that name them, and is not woken without any", async () => {
  const words = { name: "Words", activation_score: 1, scoring: "summed", lines: [] } as const;
  const { store, used, gateway } = makeStore(ruleRows({ policies: named("A") }));
  const rules = gateway();
  await rules.refresh();
  expect(used).toEqual([]);

  const policies = [policyRow({ name: "B", dictionary: "Words" })];
  store.rows = ruleRows({ version: 2, dictionaries: [words], policies });
  await rules.refresh();
  store.rows = ruleRows({ version: 3 });
  await rules.refresh();

  expect(used).toEqual([["Words"], []]);
});

test("dictionaries that the examiner cannot be made ready for are marked and tried again; the old rules stay", async () => {
  const words = { name: "Words", activation_score: 1, scoring: "summed", lines: [] } as const;
  const { store, gateway } = makeStore(ruleRows({ policies: named("A") }));
  const rules = gateway();
  await rules.refresh();

  const policies = [policyRow({ name: "B", dictionary: "Words" })];
  store.rows = ruleRows({ version: 2, dictionaries: [words], policies });
  store.isTooMuch = true;
  await rules.refresh();
  const meanwhile = namesOf(rules);
  store.isTooMuch = false;
  await rules.refresh();

  expect(meanwhile).toEqual(["A"]);
  expect(JSON.stringify(store.marks[1])).toContain("Words");
  expect(namesOf(rules)).toEqual(["B"]);
});
