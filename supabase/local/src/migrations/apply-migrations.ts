/**
 * Brings the database to the schema of this Sealpost with the tool that operators use on hosted Supabase.
 *
 * Asks the migration history first: the CLI takes two seconds to find out that nothing is to be done.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../log.ts";
import { setPassword, withClient } from "../postgres/platform.ts";
import { StartProblem } from "../postgres/start-problem.ts";
import { repositoryRoot, runSupabase } from "./supabase-cli.ts";

/**
 * Applies what is missing of `<workdir>/supabase/migrations` as role postgres, then gives the gateway's role the
 * password of `url`.
 */
export async function applyMigrations({
  url,
  log,
  workdir = repositoryRoot,
}: {
  url: string;
  log: Log;
  workdir?: string;
}): Promise<void> {
  const known = await versionsIn(join(workdir, "supabase/migrations"));
  const applied = await appliedVersions(url);
  refuseNewerDatabase(known, applied);
  const missing = known.filter((version) => !applied.includes(version));
  if (missing.length > 0) {
    log(`applying ${missing.length} migrations`);
    await push(url, workdir);
  }
  await openGatewayLogin(url);
}

async function push(url: string, workdir: string): Promise<void> {
  const result = await runSupabase(["db", "push", "--yes"], { url, workdir });
  if (result.code !== 0) throw new StartProblem(sentenceOn(result.output + result.complaints));
}

function sentenceOn(words: string): string {
  const file = [...words.matchAll(/Applying migration (\S+?)\.{3}/g)].at(-1)?.[1];
  const reason = /ERROR: (.*)/.exec(words)?.[1] ?? words.trim().split("\n").at(-1) ?? "no reason given";
  return file === undefined
    ? `The migrations could not be applied: ${reason}`
    : `The migration ${file} failed: ${reason}`;
}

async function versionsIn(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.flatMap((name) => /^(\d+)_.*\.sql$/.exec(name)?.[1] ?? []).sort();
}

async function appliedVersions(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const history = await client.query(
      "select to_regclass('supabase_migrations.schema_migrations') as found",
    );
    if (history.rows[0]?.found === null) return [];
    const applied = await client.query<{ version: string }>(
      "select version from supabase_migrations.schema_migrations",
    );
    return applied.rows.map((row) => row.version);
  });
}

function refuseNewerDatabase(known: readonly string[], applied: readonly string[]): void {
  const unknown = applied.find((version) => !known.includes(version));
  if (unknown === undefined) return;
  throw new StartProblem(
    `The database was made by a newer Sealpost (its migration ${unknown} is unknown here); update Sealpost, or set SEALPOST_DATA to another folder.`,
  );
}

async function openGatewayLogin(url: string): Promise<void> {
  const password = decodeURIComponent(new URL(url).password);
  await withClient(url, async (client) => {
    const role = await client.query("select from pg_catalog.pg_roles where rolname = 'sealpost_gateway'");
    if (role.rowCount === 1) await setPassword(client, "sealpost_gateway", password);
  });
}
