/**
 * What a migration finds, may do, and may not do: the same as on hosted Supabase.
 */
import { SUPABASE_AUTH_HELPERS_SQL } from "@supabase/lite";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withClient } from "./platform.ts";
import { type TemporaryPostgres, temporaryPostgres } from "./temporary-postgres.ts";

let postgres: TemporaryPostgres;

beforeAll(async () => {
  postgres = await temporaryPostgres();
});

afterAll(() => postgres.stop());

describe("a migration may", () => {
  test.each([
    "create policy mine on storage.objects for select to authenticated using (true)",
    "create policy mine on storage.buckets for select to authenticated using (true)",
    "create policy mine on realtime.messages for select to authenticated using (true)",
    `create policy mine on storage.objects for select to authenticated using (true);
     alter policy mine on storage.objects using (false)`,
    "create policy mine on storage.objects for select using (true); drop policy mine on storage.objects",
    "create policy mine on realtime.messages for select using (true); drop policy mine on realtime.messages",
    `create function public.seen() returns trigger language plpgsql as 'begin return new; end';
     create trigger mine after insert on auth.users for each row execute function public.seen();
     create or replace trigger mine after update on auth.users for each row execute function public.seen()`,
    "create table public.mine (id uuid references auth.users (id))",
    "create table public.mine (id uuid default auth.uid()); grant select on public.mine to authenticated",
    "insert into storage.buckets (id, name) values ('mine', 'mine')",
    "create role mine login; grant select on public.settings to mine",
    "create extension pg_trgm with schema extensions",
  ])("%s", async (act) => {
    await asMigration((client) => client.query(act));
  });
});

describe("a migration may not", () => {
  test.each([
    "create table auth.mine (id int)",
    "create table storage.mine (id int)",
    "create table realtime.mine (id int)",
    "create view storage.mine as select 1 as one",
    "create function auth.mine() returns int language sql as 'select 1'",
    "create function realtime.mine() returns int language sql as 'select 1'",
    "create or replace function realtime.topic() returns text language sql as 'select null'",
    "create index mine on storage.objects (name)",
    "create policy mine on auth.users for select using (true)",
    `create function public.seen() returns trigger language plpgsql as 'begin return new; end';
     create trigger mine after insert on storage.objects for each row execute function public.seen()`,
    "create policy mine on realtime.messages for select using (true); comment on policy mine on realtime.messages is 'x'",
    "comment on table storage.objects is 'x'",
    "create rule mine as on update to storage.objects do nothing",
    "delete from storage.objects",
    "alter table auth.users add column mine text",
    "alter table auth.users disable row level security",
    "alter table storage.objects disable row level security",
    "alter table realtime.messages force row level security",
    "alter table storage.objects add column mine text",
    "alter schema storage rename to mine",
    "grant select on storage.objects to sealpost_gateway",
    "grant select (name) on storage.objects to sealpost_gateway",
    "revoke select on realtime.messages from authenticated",
    "revoke execute on function storage.foldername(text) from public",
    "drop table realtime.messages",
    "drop function storage.foldername(text)",
    "drop function auth.uid()",
    "drop event trigger refuse_platform_changes",
  ])("%s", async (act) => {
    const acting = asMigration((client) => client.query(act));

    await expect(acting).rejects.toMatchObject({ code: "42501" });
  });

  test("grant what it was not given to grant: Postgres warns, and nothing is granted", async () => {
    const [schema, table] = await as("postgres", async (client) => {
      await client.query(
        "grant usage on schema storage to sealpost_gateway; grant select on auth.users to anon",
      );
      return Promise.all([
        client.query("select has_schema_privilege('sealpost_gateway', 'storage', 'usage') as granted"),
        client.query("select has_table_privilege('anon', 'auth.users', 'select') as granted"),
      ]);
    });

    expect([schema.rows[0].granted, table.rows[0].granted]).toEqual([false, false]);
  });

  test("and it is told why", async () => {
    const acting = asMigration((client) => client.query("create table storage.mine (id int)"));

    await expect(acting).rejects.toThrow(
      "hosted Supabase refuses this: CREATE TABLE on storage.mine by postgres",
    );
  });
});

describe("hosted Supabase's roles", () => {
  test("none that signs in is a superuser, and the API's login passes row-level security nowhere", async () => {
    const found = await as("supabase_admin", (client) =>
      client.query(`select rolname, rolsuper, rolbypassrls from pg_roles
                    where rolcanlogin and rolname not in ('supabase_admin') order by rolname`),
    );

    expect(found.rows).toEqual([
      { rolname: "authenticator", rolsuper: false, rolbypassrls: false },
      { rolname: "postgres", rolsuper: false, rolbypassrls: true },
      { rolname: "sealpost_gateway", rolsuper: false, rolbypassrls: false },
      { rolname: "supabase_lite", rolsuper: false, rolbypassrls: false },
    ]);
  });

  test("the API's login becomes a person, and a person does not become anybody else", async () => {
    await as("supabase_lite", async (client) => {
      await client.query("set role authenticated");
      await expect(client.query("select from auth.users")).rejects.toMatchObject({ code: "42501" });
    });
    const climbing = as("supabase_lite", (client) => client.query("set role postgres"));

    await expect(climbing).rejects.toMatchObject({ code: "42501" });
  });

  test("the API's login cannot replace what the claims mean, as @supabase/lite tries to", async () => {
    const replacing = as("supabase_lite", (client) => client.query(SUPABASE_AUTH_HELPERS_SQL));

    await expect(replacing).rejects.toMatchObject({ code: "42501" });
  });

  test("a person is known by the claims of the request", async () => {
    const id = "6c6b6f1e-7a52-4d6c-9d0b-3f5f6f0d8a11";

    const found = await as("postgres", async (client) => {
      await client.query("select set_config('request.jwt.claims', $1, false)", [
        JSON.stringify({ sub: id, role: "authenticated", email: "bob@example.com" }),
      ]);
      return client.query(
        "select auth.uid() as id, auth.role() as role, auth.email() as email, auth.jwt() ->> 'sub' as sub",
      );
    });

    expect(found.rows).toEqual([{ id, role: "authenticated", email: "bob@example.com", sub: id }]);
  });
});

describe("broadcast from the database", () => {
  test("what postgres sends is announced", async () => {
    const announced = await heard("postgres", "select realtime.send('{\"n\":1}', 'delivery', 'account:1')");

    expect(announced).toMatchObject([
      { topic: "account:1", event: "delivery", private: true, payload: { n: 1, id: expect.any(String) } },
    ]);
  });

  test("what a person without a policy sends is not, and only a warning says so", async () => {
    const announced = await heard(
      "supabase_lite",
      "set role authenticated; select realtime.send('{}', 'delivery', 'account:1'); reset role",
    );

    expect(announced).toEqual([]);
  });

  test("messages older than three days are forgotten, younger ones stay", async () => {
    const left = await as("supabase_admin", async (client) => {
      await client.query(`insert into realtime.messages (topic, extension, event, inserted_at) values
        ('old', 'broadcast', 'x', now() - interval '73 hours'), ('young', 'broadcast', 'x', now() - interval '71 hours')`);
      await client.query("select realtime.forget_old_messages()");
      return client.query("select topic from realtime.messages where topic in ('old', 'young')");
    });

    expect(left.rows).toEqual([{ topic: "young" }]);
  });
});

type Role = Parameters<TemporaryPostgres["url"]>[0];

function as<T>(role: Role, work: (client: Client) => Promise<T>): Promise<T> {
  return withClient(postgres.url(role), work);
}

/** As the migrating role, and undone afterwards. */
async function asMigration(work: (client: Client) => Promise<unknown>): Promise<void> {
  await as("postgres", async (client) => {
    await client.query("begin");
    await work(client);
    await client.query("rollback");
  });
}

/** What a listener hears while `role` runs `sql`, up to a mark that is sent last. */
function heard(role: Role, sql: string): Promise<unknown[]> {
  return as("supabase_admin", async (listener) => {
    const announced: unknown[] = [];
    await listener.query("listen sealpost_realtime; listen the_end");
    const ended = new Promise<void>((resolve) => {
      listener.on("notification", ({ channel, payload }) => {
        if (channel === "the_end") resolve();
        else announced.push(JSON.parse(payload ?? ""));
      });
    });
    await as(role, async (client) => {
      await client.query(sql);
      await client.query("notify the_end");
    });
    await ended;
    return announced;
  });
}
