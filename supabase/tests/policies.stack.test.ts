/** Policies as administrators edit them: what can be refused at once is, with a sentence; gateways hear of the rest. */
import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { foundTown, type Town } from "./town.ts";

let town: Town;
beforeAll(async () => {
  town = await foundTown();
});
afterAll(() => town.leave());

beforeEach(async () => {
  await town.admin.query("delete from public.policies");
  await town.admin.query("delete from public.groups");
  await town.admin.query("delete from public.dictionaries");
});

async function add(row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys({ name: "Rule", ...row });
  await town.admin.query(
    `insert into public.policies (${columns.join(", ")}) values (${columns.map((_, at) => `$${at + 1}`).join(", ")})`,
    Object.values({ name: "Rule", ...row }),
  );
}

async function addGroup(name: string, ...members: string[]): Promise<void> {
  await town.admin.query("insert into public.groups (name) values ($1)", [name]);
  await town.admin.query(
    "insert into public.group_members (group_name, member) select $1, unnest($2::text[])",
    [name, members],
  );
}

// biome-ignore lint/suspicious/noExplicitAny: the gateway's shapes are read strictly on its side
async function asGateway(call: string, values: unknown[] = []): Promise<any> {
  return (await town.gateway.query(`select private.${call} as answer`, values)).rows[0].answer;
}

const version = async () => Number(await asGateway("policy_version()"));

test.each([
  [{ to_kind: "group", to_value: "Gone" }, /to_value: there is no group named "Gone"/],
  [{ from_kind: "address", from_value: "ann" }, /from_value: "ann" is no address/],
  [{ except_to_kind: "domain", except_to_value: "no domain" }, /except_to_value: "no domain" is no domain/],
  [{ from_kind: "address" }, /from_value goes with from_kind address, domain or group/],
  [{ to_value: "x@y.example" }, /to_value goes with to_kind address, domain or group/],
  [{ action: "hold" }, /holding needs reviewers/],
  [{ action: "relay", definition: "7-days" }, /only securing and holding take a definition/],
  [{ valid_from: "2026-02-01", valid_until: "2026-01-01" }, /a validity window ends after it begins/],
  [{ tell_sender: "two\nlines" }, /words for the sender/],
  [{ definition: "gone" }, /foreign key/],
])("a policy with %j is refused with a sentence", async (row, sentence) => {
  await expect(add(row)).rejects.toThrow(sentence);
});

test("a policy that makes sense is taken, one without values means all mail from inside to outside", async () => {
  await addGroup("Board", "ann@acme.example", ".acme.example");

  await add({ name: "All" });
  await add({
    name: "Held",
    action: "hold",
    reviewers: "Board",
    from_kind: "group",
    from_value: "Board",
    position: 1,
  });

  const { policies } = await asGateway("gateway_policies()");
  expect(policies).toMatchObject([
    { name: "Held", action: "hold", reviewers: "Board" },
    { name: "All", action: "secure", from_kind: "anybody", to_kind: "external", valid_until_ms: null },
  ]);
});

test("reviewers need at least one member that is an address", async () => {
  await addGroup("Domain", "acme.example");

  await expect(add({ action: "hold", reviewers: "Domain" })).rejects.toThrow(
    /has no member that is an address/,
  );
});

test("gateways hear of each change of policies, groups and dictionaries, and not of their own marks", async () => {
  const before = await version();
  await addGroup("Board", "ann@acme.example");
  const withGroup = await version();
  await add({ to_kind: "group", to_value: "Board" });
  const withPolicy = await version();

  await asGateway("mark_policy_errors($1, $2, '{}')", [withPolicy, JSON.stringify({ Rule: "is odd" })]);

  expect(withGroup).toBeGreaterThan(before);
  expect(withPolicy).toBeGreaterThan(withGroup);
  expect(await version()).toBe(withPolicy);
  expect((await town.admin.query("select error from public.policies")).rows).toEqual([{ error: "is odd" }]);
});

test("of two gateways the one that read an older version marks nothing; the good set is kept for those that start later", async () => {
  await add({ name: "Good" });
  const old = await version();
  await asGateway("mark_policy_errors($1, '{}', '{}')", [old]);
  await add({ name: "Broken" });
  const present = await version();

  await asGateway("mark_policy_errors($1, $2, '{}')", [old, JSON.stringify({ Good: "stale" })]);
  await asGateway("mark_policy_errors($1, $2, '{}')", [present, JSON.stringify({ Broken: "is odd" })]);

  const marked = await town.admin.query("select name, error from public.policies order by name");
  expect(marked.rows).toEqual([
    { name: "Broken", error: "is odd" },
    { name: "Good", error: null },
  ]);
  expect((await asGateway("good_policies()")).policies).toMatchObject([{ name: "Good" }]);
});

test("a row that has become wrong can still be marked", async () => {
  await addGroup("Board", "ann@acme.example");
  await add({ action: "hold", reviewers: "Board" });
  await town.admin.query("delete from public.group_members");

  await asGateway("mark_policy_errors($1, $2, '{}')", [
    await version(),
    JSON.stringify({ Rule: "has nobody" }),
  ]);

  expect((await town.admin.query("select error from public.policies")).rows).toEqual([
    { error: "has nobody" },
  ]);
});

test("a dictionary is imported from a text file, replaces the former lines, and a line that does not read changes nothing", async () => {
  const lines = async () =>
    (await town.admin.query("select line from public.dictionary_entries order by id")).rows.map(
      (row) => row.line,
    );
  const load = (text: string) => town.admin.query("select private.import_dictionary('Words', $1)", [text]);

  await load('# ours\r\n5 "falcon"\r\n\r\n1:3 regex,cardnumber "\\d{13,19}"\r\n');
  const first = await lines();
  await load('2 "eagle"\n');
  await expect(load('3 "hawk"\nnonsense\n')).rejects.toThrow(/begins with its weight/);

  expect(first).toEqual(["# ours", '5 "falcon"', '1:3 regex,cardnumber "\\d{13,19}"']);
  expect(await lines()).toEqual(['2 "eagle"']);
});

test("the starter dictionaries are imported whole", async () => {
  const folder = new URL("../dictionaries/", import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith(".txt"));

  for (const file of files) {
    const text = await readFile(new URL(file, folder), "utf8");
    const { rows } = await town.admin.query("select private.import_dictionary($1, $2) as count", [
      file,
      text,
    ]);

    expect(rows[0].count, file).toBe(text.split("\n").filter((line) => line !== "").length);
  }
  expect(files).toHaveLength(5);
});

test("nobody sees policies through the API", async () => {
  await add({});
  const eve = await town.signIn(await town.settle("eve"));

  for (const table of [
    "policies",
    "groups",
    "group_members",
    "dictionaries",
    "dictionary_entries",
    "verdicts",
    "held_mails",
  ])
    await expect(town.as(eve, `select * from public.${table}`), table).rejects.toThrow(/permission denied/);
});
