/**
 * The migrations under the tools that an operator uses on hosted Supabase, on a database of their own.
 */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withClient } from "../postgres/platform.ts";
import { type TemporaryPostgres, temporaryPostgres } from "../postgres/temporary-postgres.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { databaseTypes, typesFile } from "./database-types.ts";
import { runSupabase } from "./supabase-cli.ts";

const advisors = ["db", "advisors", "--level", "warn", "--fail-on", "warn"];

let postgres: TemporaryPostgres;
let url: string;

beforeAll(async () => {
  postgres = await temporaryPostgres(); // applied by `supabase db push`, as the role that hosted Supabase gives
  url = postgres.url("postgres");
});

afterAll(() => postgres.stop());

describe("an operator's tools on a database with all migrations", () => {
  test("a second push changes nothing", async () => {
    const before = await history(url);

    const push = await runSupabase(["db", "push", "--yes"], { url });

    expect(push).toMatchObject({ code: 0, output: expect.stringContaining("up to date") });
    expect(before.length).toBeGreaterThan(0);
    expect(await history(url)).toEqual(before);
  });

  test("the advisors have nothing to say at WARN or above", async () => {
    const advice = await runSupabase(advisors, { url });

    expect(advice.complaints).toContain("No issues found");
    expect(advice.code).toBe(0);
  });

  test("the committed types are those of the database", async () => {
    const drawn = await databaseTypes(url);

    expect(await readFile(typesFile, "utf8")).toBe(drawn); // `npm run db:types` mends it
  });

  test("the gateway signs in with the stack's password, and with no other", async () => {
    const gateway = postgres.url("sealpost_gateway");
    const wrong = gateway.replace(postgres.password, "guessed");

    const role = await withClient(gateway, (client) => client.query("select current_user as name"));

    expect(role.rows).toEqual([{ name: "sealpost_gateway" }]);
    await expect(withClient(wrong, (client) => client.query("select"))).rejects.toMatchObject({
      code: "28P01",
    });
  });

  test("nothing is left to do when the stack starts again", async () => {
    const lines: string[] = [];

    await applyMigrations({ url, log: (line) => lines.push(line) });

    expect(lines).toEqual([]);
  });
});

describe("faults that a migration could bring", () => {
  let faulty: TemporaryPostgres;

  beforeAll(async () => {
    faulty = await temporaryPostgres();
  });

  afterAll(() => faulty.stop());

  test("a table that anybody may read and a definer function with a movable search path are found", async () => {
    const at = faulty.url("postgres");
    await withClient(at, (client) =>
      client.query(`
        create table public.planted_table (id int primary key);
        grant select on public.planted_table to anon;
        create function public.planted_function() returns int language sql security definer as 'select 1';
      `),
    );

    const advice = await runSupabase(advisors, { url: at });

    expect(advice.code).not.toBe(0);
    expect(advice.output).toMatch(/planted_table/);
    expect(advice.output).toMatch(/planted_function/);
  });

  test("a database from a newer Sealpost is left alone", async () => {
    const at = faulty.url("postgres");
    await withClient(at, (client) =>
      client.query("insert into supabase_migrations.schema_migrations (version) values ('29990101000000')"),
    );

    const starting = applyMigrations({ url: at, log: () => {} });

    await expect(starting).rejects.toThrow(/made by a newer Sealpost .*update Sealpost/);
  });
});

async function history(at: string): Promise<unknown[]> {
  const found = await withClient(at, (client) =>
    client.query("select version from supabase_migrations.schema_migrations order by version"),
  );
  return found.rows;
}
