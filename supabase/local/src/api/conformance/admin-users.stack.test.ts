/** What an administrator with the service role key does to users, by supabase-js, as on hosted Supabase. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectUser, type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;

beforeAll(async () => {
  api = await temporaryApi();
  await api.sql.unsafe(`
    create table public.seen (at int generated always as identity, xid xid8, password boolean, metadata boolean);
    create function public.see() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      insert into public.seen (xid, password, metadata) values (pg_current_xact_id(),
        new.encrypted_password is distinct from old.encrypted_password,
        new.raw_app_meta_data is distinct from old.raw_app_meta_data);
      if new.raw_app_meta_data ? 'forbidden' then raise exception 'no'; end if;
      return new;
    end $$;
    create trigger see before update on auth.users for each row execute function public.see();`);
});

afterAll(() => api.stop());

const newcomer = async () => {
  const id = randomUUID();
  const email = `bob.${id.slice(0, 8)}@people.example`;
  await expectUser(api.sql, id, email);
  return { id, email };
};

test("a user is made with a given id, confirmed, with metadata, and can sign in", async () => {
  const { id, email } = await newcomer();

  const { data, error } = await api.service().auth.admin.createUser({
    id,
    email: email.toUpperCase(),
    password: "bob-Lantern-42",
    email_confirm: true,
    app_metadata: { team: "post" },
    user_metadata: { name: "Bob" },
  });

  expect(error).toBeNull();
  expect(data.user).toMatchObject({
    id,
    email,
    aud: "authenticated",
    role: "authenticated",
    phone: "",
    app_metadata: { provider: "email", providers: ["email"], team: "post" },
    user_metadata: { name: "Bob" },
    identities: [{ provider: "email", id, user_id: id, email, identity_data: { sub: id, email } }],
    is_anonymous: false,
  });
  expect(data.user?.email_confirmed_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  const signedIn = await api.anon().auth.signInWithPassword({ email, password: "bob-Lantern-42" });
  expect(signedIn.data.user?.app_metadata).toMatchObject({ team: "post" });
});

test("a user whom the database refuses is not made", async () => {
  const id = randomUUID();

  const { data, error } = await api.service().auth.admin.createUser({ id, email: "stranger@people.example" });

  expect(data.user).toBeNull();
  expect(error?.status).toBe(500);
  expect(await api.sql`select 1 from auth.users where id = ${id}`).toHaveLength(0);
  expect(await api.sql`select 1 from auth.identities where user_id = ${id}`).toHaveLength(0);
});

test("a second user with the same address is refused", async () => {
  const bob = await api.person("bob");
  const { id } = await newcomer();
  const admin = api.service().auth.admin;

  const other = await admin.createUser({ id, email: bob.email });
  const himself = await admin.createUser({ id: bob.id, email: bob.email });

  for (const { error } of [other, himself])
    expect(error).toMatchObject({ status: 422, code: "email_exists" });
  expect(await api.sql`select 1 from auth.users where email = ${bob.email}`).toHaveLength(1);
});

test("an unconfirmed user does not sign in", async () => {
  const { id, email } = await newcomer();
  await api.service().auth.admin.createUser({ id, email, password: "bob-Lantern-42" });

  const { error } = await api.anon().auth.signInWithPassword({ email, password: "bob-Lantern-42" });

  expect(error?.code).toBe("email_not_confirmed");
});

test("short and overlong passwords and a bad ban are refused in words", async () => {
  const { id, email } = await newcomer();
  const admin = api.service().auth.admin;

  expect((await admin.createUser({ id, email, password: "short" })).error?.code).toBe("weak_password");
  expect((await admin.createUser({ id, email, password: "x".repeat(73) })).error?.code).toBe(
    "validation_failed",
  );
  expect((await admin.createUser({ id, email, ban_duration: "for ever" })).error?.code).toBe(
    "validation_failed",
  );
});

test("a user is read by id, and an unknown id is not found", async () => {
  const bob = await api.person("bob");

  expect((await api.service().auth.admin.getUserById(bob.id)).data.user?.email).toBe(bob.email);
  expect((await api.service().auth.admin.getUserById(randomUUID())).error).toMatchObject({
    status: 404,
    code: "user_not_found",
  });
});

test("users are listed in pages with their number", async () => {
  await api.person("bob");
  await api.person("bea");

  const { data } = await api.service().auth.admin.listUsers({ page: 1, perPage: 1 });

  const [{ total } = { total: 0 }] = await api.sql`select count(*)::int as total from auth.users`;
  expect(data).toMatchObject({ total, nextPage: 2 });
  expect(data.users).toHaveLength(1);
});

test("password and metadata change in one transaction, and every session of the user ends", async () => {
  const bob = await api.person("bob");
  await api.sql`truncate public.seen`;

  const { data, error } = await api.service().auth.admin.updateUserById(bob.id, {
    password: "fresh-Lantern-43",
    app_metadata: { wrap: "w1" },
  });

  expect(error).toBeNull();
  expect(data.user?.app_metadata).toMatchObject({ provider: "email", wrap: "w1" });
  const seen =
    await api.sql`select xid::text, password, metadata from public.seen where password or metadata order by at`;
  expect(seen.map(({ password, metadata }) => ({ password, metadata }))).toEqual([
    { password: true, metadata: false },
    { password: false, metadata: true },
  ]);
  expect(new Set(seen.map(({ xid }) => xid)).size).toBe(1);
  expect((await bob.client.auth.getUser()).error?.name).toBe("AuthSessionMissingError");
  expect((await api.anon().auth.signInWithPassword(bob)).error?.code).toBe("invalid_credentials");
  const again = await api.anon().auth.signInWithPassword({ email: bob.email, password: "fresh-Lantern-43" });
  expect(again.error).toBeNull();
});

test("a trigger that refuses the metadata takes the password back too", async () => {
  const bob = await api.person("bob");

  const { error } = await api.service().auth.admin.updateUserById(bob.id, {
    password: "fresh-Lantern-43",
    app_metadata: { forbidden: true },
  });

  expect(error?.status).toBe(500);
  expect((await bob.client.auth.getUser()).error).toBeNull();
  expect((await api.anon().auth.signInWithPassword(bob)).error).toBeNull();
});

test("an address that the database holds fast stays, and all else of that change is undone", async () => {
  const bob = await api.person("bob");

  const { error } = await api.service().auth.admin.updateUserById(bob.id, {
    email: "other@people.example",
    user_metadata: { name: "Bobby" },
  });

  expect(error?.status).toBe(500);
  const { data } = await api.service().auth.admin.getUserById(bob.id);
  expect(data.user).toMatchObject({ email: bob.email, user_metadata: {} });
});

test("metadata is laid over the old, and null takes a key away", async () => {
  const bob = await api.person("bob");
  const admin = api.service().auth.admin;
  await admin.updateUserById(bob.id, { user_metadata: { a: 1, b: 2 } });

  const { data } = await admin.updateUserById(bob.id, { user_metadata: { a: null, c: 3 } });

  expect(data.user?.user_metadata).toEqual({ b: 2, c: 3 });
});

test("a deleted user is gone with sessions and identities", async () => {
  const bob = await api.person("bob");

  const { error } = await api.service().auth.admin.deleteUser(bob.id);

  expect(error).toBeNull();
  for (const table of ["sessions", "identities", "refresh_tokens"]) {
    expect(await api.sql`select 1 from auth.${api.sql(table)} where user_id = ${bob.id}`).toHaveLength(0);
  }
  expect((await api.anon().auth.signInWithPassword(bob)).error?.code).toBe("invalid_credentials");
});

test("neither the anon key nor a signed-in person administers users", async () => {
  const eve = await api.person("eve");

  const byKey = await api.anon().auth.admin.listUsers();
  const { data } = await eve.client.auth.getSession();
  const bySession = await fetch(`${api.url}/auth/v1/admin/users`, {
    headers: { apikey: api.anonKey, authorization: `Bearer ${data.session?.access_token}` },
  });

  expect(byKey.error).toMatchObject({ status: 403, code: "not_admin" });
  expect(bySession.status).toBe(403);
  expect(await bySession.json()).toMatchObject({ error_code: "not_admin" });
});
