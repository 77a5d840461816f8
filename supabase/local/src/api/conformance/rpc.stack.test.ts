/** Functions over `/rest/v1/rpc`, by supabase-js, in PostgREST's shapes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;
let ann: Person;

beforeAll(async () => {
  api = await temporaryApi();
  await api.sql.unsafe(`
    set role postgres;
    create table public.letters (id int primary key, owner uuid, seal bytea, sent_at timestamptz);
    alter table public.letters enable row level security;
    revoke all on public.letters from anon, authenticated;
    grant select, insert, update, delete on public.letters to authenticated;
    create policy "own" on public.letters to authenticated using (owner = (select auth.uid()));
    create function public.who() returns json language sql stable as
      $$ select json_build_object('uid', auth.uid(), 'role', auth.role(), 'amr', auth.jwt() -> 'amr', 'user', current_user) $$;
    create function public.sealed(p_id int) returns json language sql as
      $$ select json_build_object('seal', encode(seal, 'base64'), 'at', sent_at) from public.letters where id = p_id $$;
    create function public.letters_of(p_owner uuid) returns setof public.letters language sql stable as
      $$ select * from public.letters where owner = p_owner $$;
    create function public.rows_of(p_ids int[]) returns table (id int, seal bytea, sent_at timestamptz) language sql stable as
      $$ select id, seal, sent_at from public.letters where id = any (p_ids) $$;
    create function public.asked(p_a text, p_ids uuid[], p_on boolean default true, p_at timestamptz default null,
      p_more jsonb default null, p_count int default 5) returns json language sql as
      $$ select json_build_object('a', p_a, 'ids', p_ids, 'on', p_on, 'at', p_at, 'more', p_more, 'count', p_count) $$;
    create function public.nothing() returns void language sql as $$ select $$;
    create function public.bytes_of(p_seal bytea) returns text language sql as $$ select encode(p_seal, 'hex') $$;
    create function public.refuse(p_code text) returns void language plpgsql as $$
    begin raise exception 'You may not.' using errcode = p_code, detail = 'because', hint = 'ask'; end $$;
    create function public.status_of() returns void language plpgsql as $$
    begin perform set_config('response.status', '202', true); end $$;
    grant execute on all functions in schema public to authenticated, service_role;
    reset role;`);
  ann = await api.person("ann");
  await api.sql`
    insert into public.letters (id, owner, seal, sent_at)
    values (1, ${ann.id}, '\\x00ff10', '2026-11-24 10:42:00.123456+00')`;
});

afterAll(() => api.stop());

test("a function knows who calls, by which role and how they signed in", async () => {
  const { data, error } = await ann.client.rpc("who");

  expect(error).toBeNull();
  expect(data).toMatchObject({ uid: ann.id, role: "authenticated", user: "authenticated" });
  expect(data.amr[0].method).toBe("password");
  expect((await api.service().rpc("who")).data).toMatchObject({ uid: null, role: "service_role" });
  expect(await api.anon().rpc("who")).toMatchObject({ status: 401, error: { code: "42501" } });
});

test("functions answer json, rows, one value and nothing", async () => {
  const sealed = await ann.client.rpc("sealed", { p_id: 1 });
  const rows = await ann.client.rpc("rows_of", { p_ids: [1] });
  const tables = await ann.client.rpc("letters_of", { p_owner: ann.id }).select("id").order("id").limit(1);
  const nothing = await ann.client.rpc("nothing");
  const bytes = await ann.client.rpc("bytes_of", { p_seal: "\\x0aff" });

  expect(sealed.data).toEqual({ seal: "AP8Q", at: "2026-11-24T10:42:00.123456+00:00" });
  expect(rows.data).toEqual([{ id: 1, seal: "\\x00ff10", sent_at: "2026-11-24T10:42:00.123456+00:00" }]);
  expect(tables.data).toEqual([{ id: 1 }]);
  expect(nothing).toMatchObject({ data: null, error: null, status: 204 });
  expect(bytes.data).toBe("0aff");
});

test("arguments of every kind arrive, left out ones take their default, and null is null", async () => {
  const given = {
    a: "x",
    ids: [ann.id],
    on: false,
    at: "2026-11-24T10:42:00.123456+00:00",
    more: { k: ["v", { n: 1 }] },
    count: 3,
  };
  const args = Object.fromEntries(Object.entries(given).map(([name, value]) => [`p_${name}`, value]));

  const all = await ann.client.rpc("asked", args);
  const few = await ann.client.rpc("asked", { p_a: "x", p_ids: [] });
  const nulls = await ann.client.rpc("asked", { p_a: null, p_ids: null, p_on: null, p_count: null });

  expect(all.data).toEqual(given);
  expect(few.data).toEqual({ a: "x", ids: [], on: true, at: null, more: null, count: 5 });
  expect(nulls.data).toEqual({ a: null, ids: null, on: null, at: null, more: null, count: null });
});

test("an exception comes through with its SQLSTATE, detail and hint", async () => {
  const own = await ann.client.rpc("refuse", { p_code: "P0001" });
  const denied = await ann.client.rpc("refuse", { p_code: "42501" });
  const custom = await ann.client.rpc("refuse", { p_code: "PT409" });

  expect(own).toMatchObject({
    status: 400,
    error: { code: "P0001", message: "You may not.", details: "because", hint: "ask" },
  });
  expect(denied).toMatchObject({ status: 403, error: { code: "42501", message: "You may not." } });
  expect(custom.status).toBe(409);
});

test("a function that does not exist is not found", async () => {
  expect(await ann.client.rpc("no_such_thing")).toMatchObject({ status: 404, error: { code: "PGRST202" } });
  expect(await ann.client.from("no_such_table").select()).toMatchObject({
    status: 404,
    error: { code: "PGRST205" },
  });
});
