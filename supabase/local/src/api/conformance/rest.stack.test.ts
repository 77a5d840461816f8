/** Tables and functions over `/rest/v1`, by supabase-js, in PostgREST's shapes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;
let ann: Person;
let eve: Person;

beforeAll(async () => {
  api = await temporaryApi();
  await api.sql.unsafe(`
    set role postgres;
    create table public.letters (
      id int primary key, owner uuid, title text, seal bytea, sent_at timestamptz, local_at timestamp,
      day date, weight numeric, tags text[], extra jsonb, views bigint default 0);
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
  eve = await api.person("eve");
  await api.sql`
    insert into public.letters (id, owner, title, seal, sent_at, local_at, day, weight, tags, extra) values
      (1, ${ann.id}, 'first', '\\x00ff10', '2026-11-24 10:42:00.123456+00', '2026-11-24 10:42:00', '2026-11-24', 1.5,
        '{a,b}', '{"k":[1]}'),
      (2, ${ann.id}, 'second', null, '2026-11-25 10:42:00+00', null, null, null, null, null),
      (3, ${ann.id}, 'third, with comma', null, null, null, null, null, null, null),
      (4, ${eve.id}, 'hers', null, null, null, null, null, null, null)`;
});

afterAll(() => api.stop());

test("Ann reads her row, every type as PostgREST writes it", async () => {
  const { data, error } = await ann.client.from("letters").select("*").eq("id", 1).single();

  expect(error).toBeNull();
  expect(data).toEqual({
    id: 1,
    owner: ann.id,
    title: "first",
    seal: "\\x00ff10",
    sent_at: "2026-11-24T10:42:00.123456+00:00",
    local_at: "2026-11-24T10:42:00",
    day: "2026-11-24",
    weight: 1.5,
    tags: ["a", "b"],
    extra: { k: [1] },
    views: 0,
  });
});

test("Eve sees her own and nothing of Ann's", async () => {
  const { data } = await eve.client.from("letters").select("id");

  expect(data).toEqual([{ id: 4 }]);
});

test("nobody without a session reads a table that is not theirs, and is told so in PostgREST's shape", async () => {
  const { data, error, status } = await api.anon().from("letters").select("*");

  expect(data).toBeNull();
  expect(status).toBe(401);
  expect(error).toMatchObject({
    code: "42501",
    message: "permission denied for table letters",
    details: null,
  });
});

test("bytes written as hex come back as they were", async () => {
  await ann.client.from("letters").insert({ id: 10, owner: ann.id, seal: "\\xdeadbeef" }).throwOnError();

  const { data } = await ann.client.from("letters").update({ seal: "\\x01" }).eq("id", 10).select("seal");

  expect(data).toEqual([{ seal: "\\x01" }]);
  await ann.client.from("letters").delete().eq("id", 10).throwOnError();
  expect((await ann.client.from("letters").select("id").eq("id", 10)).data).toEqual([]);
});

test("single and maybeSingle count as PostgREST does", async () => {
  const none = await ann.client.from("letters").select().eq("id", 99).single();
  const maybe = await ann.client.from("letters").select("id").eq("id", 99).maybeSingle();
  const several = await ann.client.from("letters").select("id").maybeSingle();

  expect(none.error).toMatchObject({ code: "PGRST116" });
  expect(none.status).toBe(406);
  expect(maybe).toMatchObject({ data: null, error: null });
  expect(several.error?.code).toBe("PGRST116");
});

test("rows are counted, ordered, cut and filtered", async () => {
  const page = await ann.client
    .from("letters")
    .select("id", { count: "exact" })
    .order("sent_at", { ascending: false, nullsFirst: false })
    .order("id")
    .range(0, 1);
  const either = await ann.client
    .from("letters")
    .select("id")
    .or('id.eq.1,title.eq."third, with comma"')
    .order("id");
  const quoted = await ann.client
    .from("letters")
    .select("id")
    .in("title", ["third, with comma", "second"])
    .order("id");
  const head = await ann.client.from("letters").select("*", { count: "exact", head: true });

  expect(page).toMatchObject({ data: [{ id: 2 }, { id: 1 }], count: 3, status: 206 });
  expect(either.data).toEqual([{ id: 1 }, { id: 3 }]);
  expect(quoted.data).toEqual([{ id: 2 }, { id: 3 }]);
  expect(head).toMatchObject({ data: null, count: 3 });
});

test("a time compared in a filter meets the row to the microsecond", async () => {
  const at = "2026-11-24T10:42:00.123456+00:00";

  expect((await ann.client.from("letters").select("id").eq("sent_at", at)).data).toEqual([{ id: 1 }]);
  expect((await ann.client.from("letters").select("id").lt("sent_at", at)).data).toEqual([]);
});

test("a row against the policy and a doubled key are refused with their SQLSTATE", async () => {
  const foreign = await eve.client.from("letters").insert({ id: 11, owner: ann.id });
  const doubled = await ann.client.from("letters").insert({ id: 1, owner: ann.id });

  expect(foreign).toMatchObject({ status: 403, error: { code: "42501" } });
  expect(doubled).toMatchObject({ status: 409, error: { code: "23505" } });
});

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

test("JSON written to a column is JSON there, not text", async () => {
  const extra = { k: [1, { deep: "yes" }] };

  const { data } = await ann.client.from("letters").update({ extra }).eq("id", 2).select("extra").single();

  expect(data).toEqual({ extra });
  const [row] = await api.sql`select jsonb_typeof(extra) as kind from public.letters where id = 2`;
  expect(row?.kind).toBe("object");
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

test("other schemas are not exposed", async () => {
  for (const schema of ["private", "auth", "storage", "realtime"]) {
    const { error, status } = await api.service().schema(schema).from("users").select();
    expect({ status, code: error?.code }, schema).toEqual({ status: 406, code: "PGRST106" });
  }
});

test("a new table is there as soon as it is made", async () => {
  await api.sql.unsafe(`
    set role postgres;
    create table public.parcels (id int primary key);
    grant select on public.parcels to authenticated;
    reset role;`);

  await expect
    .poll(async () => (await ann.client.from("parcels").select()).data, { timeout: 5000, interval: 50 })
    .toEqual([]);
});
