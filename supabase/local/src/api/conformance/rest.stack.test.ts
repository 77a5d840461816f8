/** Tables over `/rest/v1`, by supabase-js, in PostgREST's shapes. */
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

test("JSON written to a column is JSON there, not text", async () => {
  const extra = { k: [1, { deep: "yes" }] };

  const { data } = await ann.client.from("letters").update({ extra }).eq("id", 2).select("extra").single();

  expect(data).toEqual({ extra });
  const [row] = await api.sql`select jsonb_typeof(extra) as kind from public.letters where id = 2`;
  expect(row?.kind).toBe("object");
});

test("other schemas are not exposed", async () => {
  for (const schema of ["private", "auth", "storage", "realtime"]) {
    const { error, status } = await api.service().schema(schema).from("users").select();
    expect({ status, code: error?.code }, schema).toEqual({ status: 406, code: "PGRST106" });
  }
});

const makeTable = (name: string) =>
  api.sql.unsafe(`
    set role postgres;
    create table public.${name} (id int primary key);
    grant select on public.${name} to authenticated;
    reset role;`);
const rowsOf = (name: string) => async () => (await ann.client.from(name).select()).data;

test("a new table is there as soon as it is made", async () => {
  await makeTable("parcels");

  await expect.poll(rowsOf("parcels"), { timeout: 5000, interval: 50 }).toEqual([]);
});

test("when the database has dropped every connection, requests are soon answered and new tables still appear", async () => {
  await api.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() and datname = current_database()`;

  const read = async () => (await ann.client.from("letters").select("id").eq("id", 1)).data;
  const whoAmI = async () => (await ann.client.auth.getUser()).data.user?.id;

  await expect.poll(read, { timeout: 10_000, interval: 50 }).toEqual([{ id: 1 }]);
  await expect.poll(whoAmI, { timeout: 10_000, interval: 50 }).toBe(ann.id);
  const isListening = async () =>
    (await api.sql`select 1 from pg_stat_activity where query = 'listen "pgrst"'`).length === 1;
  await expect.poll(isListening, { timeout: 10_000, interval: 50 }).toBe(true);
  await makeTable("crates");
  await expect.poll(rowsOf("crates"), { timeout: 5000, interval: 50 }).toEqual([]);
});
