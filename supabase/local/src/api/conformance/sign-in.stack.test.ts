/** Signing in, and who is not let in, by supabase-js, as on hosted Supabase. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readToken } from "../auth/token.ts";
import { jwtSecret, type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;

beforeAll(async () => {
  api = await temporaryApi();
});

afterAll(() => api.stop());

const claimsIn = (token: string | undefined) => readToken(token ?? "", jwtSecret, Date.now());

test("Ann signs in and her token says who she is and how she proved it", async () => {
  const ann = await api.person("ann");

  const { data } = await ann.client.auth.getSession();

  const nowSeconds = Math.floor(Date.now() / 1000);
  expect(claimsIn(data.session?.access_token)).toEqual({
    iss: `${api.url}/auth/v1`,
    sub: ann.id,
    aud: "authenticated",
    exp: data.session?.expires_at,
    iat: expect.any(Number),
    email: ann.email,
    phone: "",
    app_metadata: { provider: "email", providers: ["email"] },
    user_metadata: {},
    role: "authenticated",
    aal: "aal1",
    amr: [{ method: "password", timestamp: expect.any(Number) }],
    session_id: expect.any(String),
    is_anonymous: false,
  });
  expect(data.session?.expires_at).toBeGreaterThan(nowSeconds + 3500);
  expect(data.session?.user).toMatchObject({ id: ann.id, email: ann.email, role: "authenticated" });
});

test("a wrong password and an unknown address are refused alike", async () => {
  const ann = await api.person("ann");

  const wrong = await api.anon().auth.signInWithPassword({ email: ann.email, password: "wrong-password" });
  const unknown = await api.anon().auth.signInWithPassword({ email: "x@people.example", password: "wrong" });

  for (const { data, error } of [wrong, unknown]) {
    expect(data.session).toBeNull();
    expect(error).toMatchObject({
      status: 400,
      code: "invalid_credentials",
      message: "Invalid login credentials",
    });
  }
});

test("Ann changes her password and her other sessions end", async () => {
  const ann = await api.person("ann");
  const phone = api.anon();
  await phone.auth.signInWithPassword(ann);

  const { error } = await ann.client.auth.updateUser({ password: "another-Lantern-43" });

  expect(error).toBeNull();
  expect((await ann.client.auth.getUser()).error).toBeNull();
  expect((await phone.auth.getUser()).error?.name).toBe("AuthSessionMissingError");
  expect((await api.anon().auth.signInWithPassword(ann)).error?.code).toBe("invalid_credentials");
  const fresh = await api
    .anon()
    .auth.signInWithPassword({ email: ann.email, password: "another-Lantern-43" });
  expect(fresh.error).toBeNull();
});

test("what Ann says about herself is kept as JSON and stands in her next token", async () => {
  const ann = await api.person("ann");

  const { data } = await ann.client.auth.updateUser({ data: { name: "Ann", likes: ["post"] } });
  const refreshed = await ann.client.auth.refreshSession();

  expect(data.user?.user_metadata).toEqual({ name: "Ann", likes: ["post"] });
  expect(claimsIn(refreshed.data.session?.access_token)?.user_metadata).toEqual({
    name: "Ann",
    likes: ["post"],
  });
  const [row] =
    await api.sql`select jsonb_typeof(raw_user_meta_data) as kind from auth.users where id = ${ann.id}`;
  expect(row?.kind).toBe("object");
});

test("a change of address that the database refuses is refused, and nothing is written or mailed", async () => {
  const ann = await api.person("ann");

  const { error } = await ann.client.auth.updateUser({ email: "other@people.example" });

  expect(error).toMatchObject({ status: 500, message: "Database error updating user" });
  const [row] = await api.sql`select email, email_change from auth.users where id = ${ann.id}`;
  expect(row).toEqual({ email: ann.email, email_change: null });
});

test("nobody signs up, with or without an address, nor by phone", async () => {
  const email = await api.anon().auth.signUp({ email: "new@people.example", password: "a-Lantern-42" });
  const anonymous = await api.anon().auth.signInAnonymously();
  const phone = await api.anon().auth.signInWithOtp({ phone: "+431234567" });

  expect(email.error).toMatchObject({ status: 422, code: "signup_disabled" });
  expect(anonymous.error).toMatchObject({ status: 422, code: "anonymous_provider_disabled" });
  expect(phone.error).toMatchObject({ status: 400, code: "phone_provider_disabled" });
});

test("a mailed link makes no user", async () => {
  const { error } = await api.anon().auth.signInWithOtp({ email: "new@people.example" });

  expect(error).toMatchObject({ status: 422, code: "otp_disabled" });
  expect(await api.sql`select 1 from auth.users where email = 'new@people.example'`).toHaveLength(0);
});

test("a session opened by a mailed code says so, also after a refresh", async () => {
  const ann = await api.person("ann");
  const hash = randomUUID();
  await api.sql`update auth.users set recovery_token = ${hash}, recovery_sent_at = now() where id = ${ann.id}`;
  const device = api.anon();

  const { data, error } = await device.auth.verifyOtp({ token_hash: hash, type: "email" });
  const refreshed = await device.auth.refreshSession();

  expect(error).toBeNull();
  for (const session of [data.session, refreshed.data.session]) {
    expect(claimsIn(session?.access_token)?.amr).toMatchObject([{ method: "otp" }]);
  }
});

test("a mailed code works once, and a wrong one never", async () => {
  const ann = await api.person("ann");
  const hash = randomUUID();
  await api.sql`update auth.users set recovery_token = ${hash}, recovery_sent_at = now() where id = ${ann.id}`;

  const wrong = await api.anon().auth.verifyOtp({ token_hash: randomUUID(), type: "recovery" });
  const right = await api.anon().auth.verifyOtp({ token_hash: hash, type: "recovery" });
  const again = await api.anon().auth.verifyOtp({ token_hash: hash, type: "recovery" });

  expect(wrong.error).toMatchObject({ status: 403, code: "otp_expired" });
  expect(right.error).toBeNull();
  expect(again.error).toMatchObject({ status: 403, code: "otp_expired" });
});

test("a banned person neither signs in nor refreshes nor reads, until the ban is lifted", async () => {
  const ann = await api.person("ann");
  const session = (await ann.client.auth.getSession()).data.session;
  await api.service().auth.admin.updateUserById(ann.id, { ban_duration: "24h" });

  const signIn = await api.anon().auth.signInWithPassword(ann);
  const refresh = await api.anon().auth.refreshSession({ refresh_token: session?.refresh_token ?? "" });
  const read = await api.anon().auth.getUser(session?.access_token);
  await api.service().auth.admin.updateUserById(ann.id, { ban_duration: "none" });
  const after = await api.anon().auth.signInWithPassword(ann);

  expect(signIn.error?.code).toBe("user_banned");
  expect(refresh.error?.code).toBe("user_banned");
  expect(read.error?.code).toBe("user_banned");
  expect(after.error).toBeNull();
});

test("people behind a function are limited one by one, and only the service key may say who they are", async () => {
  const attempt = (key: string, address: string) =>
    fetch(`${api.url}/auth/v1/token?grant_type=refresh_token`, {
      method: "POST",
      headers: { apikey: key, "sb-forwarded-for": address, "content-type": "application/json" },
      body: '{"refresh_token":""}',
    });
  const statusesOf = async (key: string, address: string, times: number) => {
    const answers = await Promise.all(Array.from({ length: times }, () => attempt(key, address)));
    await Promise.all(answers.map((answer) => answer.body?.cancel()));
    return new Set(answers.map(({ status }) => status));
  };

  const greedy = await statusesOf(api.serviceRoleKey, "203.0.113.7", 160);
  const neighbour = await statusesOf(api.serviceRoleKey, "203.0.113.8", 1);
  const liar = await statusesOf(api.anonKey, "203.0.113.7", 1);

  expect(greedy).toEqual(new Set([400, 429]));
  expect(neighbour).toEqual(new Set([400]));
  expect(liar).toEqual(new Set([400]));
});
