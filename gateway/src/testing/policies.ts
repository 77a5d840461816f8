/**
 * Policies in tests: made for one sender alone, since the database is shared with other tests.
 */
import { randomBytes } from "node:crypto";
import { ask, eventually, insider } from "./correspondence.ts";

/** Columns of a row of `policies` besides its sender. */
export type TestPolicy = { readonly from: string } & Readonly<Record<string, unknown>>;

/** Adds one for an address; gives its name. */
export async function addPolicy(url: string, { from, ...own }: TestPolicy): Promise<string> {
  const name = `Rule ${randomBytes(5).toString("hex")}`;
  const row = { name, from_kind: "address", from_value: from, ...own };
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await ask(
    url,
    `insert into public.policies (${columns.join(", ")}) values (${places.join(", ")})`,
    Object.values(row),
  );
  return name;
}

/**
 * Adds them, then one that refuses a stranger to all tests, and asks until that stranger is refused: then the others are in
 * force as well. Gives their names.
 */
export async function addPolicies(
  url: string,
  policies: readonly TestPolicy[],
  isRefused: (probe: string) => Promise<boolean>,
): Promise<string[]> {
  const names: string[] = [];
  for (const policy of policies) names.push(await addPolicy(url, policy));
  const probe = insider("probe");
  await addPolicy(url, { from: probe, action: "refuse" });
  await eventually(
    () => isRefused(probe),
    (refused) => refused,
  );
  return names;
}

/** A dictionary with these lines; gives its name. */
export async function addDictionary(
  url: string,
  { score }: { readonly score: number },
  lines: readonly string[],
): Promise<string> {
  const name = `Words ${randomBytes(5).toString("hex")}`;
  await ask(url, "insert into public.dictionaries (name, activation_score) values ($1, $2)", [name, score]);
  await ask(url, "insert into public.dictionary_entries (dictionary, line) select $1, unnest($2::text[])", [
    name,
    lines,
  ]);
  return name;
}

/** A group of these people; gives its name. */
export async function addGroup(url: string, members: readonly string[]): Promise<string> {
  const name = `People ${randomBytes(5).toString("hex")}`;
  await ask(url, "insert into public.groups (name) values ($1)", [name]);
  await ask(url, "insert into public.group_members (group_name, member) select $1, unnest($2::text[])", [
    ...[name, members],
  ]);
  return name;
}

/** The log of verdicts about a sender's mail, oldest first. */
export async function verdictsAbout(url: string, sender: string): Promise<Record<string, unknown>[]> {
  return await ask(url, "select * from public.verdicts where sender = $1 order by at", [sender]);
}
