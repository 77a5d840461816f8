/** Staying signed in and signing out, by supabase-js, as on hosted Supabase. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { readToken, signToken } from "../auth/token.ts";
import { jwtSecret, type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;

beforeAll(async () => {
  api = await temporaryApi();
});

afterAll(() => api.stop());

const claimsIn = (token: string | undefined) => readToken(token ?? "", jwtSecret, Date.now());
const sessionsOf = async (id: string) =>
  (await api.sql`select id from auth.sessions where user_id = ${id}`).length;

test("a refreshed token still says that the session was opened by password, and when", async () => {
  const ann = await api.person("ann");
  const before = (await ann.client.auth.getSession()).data.session;

  const { data, error } = await ann.client.auth.refreshSession();

  expect(error).toBeNull();
  expect(data.session?.refresh_token).not.toBe(before?.refresh_token);
  const old = claimsIn(before?.access_token);
  const fresh = claimsIn(data.session?.access_token);
  expect(fresh?.amr).toEqual(old?.amr);
  expect(fresh?.session_id).toBe(old?.session_id);
  expect(data.user?.email).toBe(ann.email);
});

test("a device that lost the answer to a refresh gets the same successor again", async () => {
  const ann = await api.person("ann");
  const stale = (await ann.client.auth.getSession()).data.session?.refresh_token ?? "";

  const first = await api.anon().auth.refreshSession({ refresh_token: stale });
  const again = await api.anon().auth.refreshSession({ refresh_token: stale });

  expect(again.error).toBeNull();
  expect(again.data.session?.refresh_token).toBe(first.data.session?.refresh_token);
});

test("two refreshes at once make one successor", async () => {
  const ann = await api.person("ann");
  const stale = (await ann.client.auth.getSession()).data.session?.refresh_token ?? "";

  const both = await Promise.all([1, 2].map(() => api.anon().auth.refreshSession({ refresh_token: stale })));

  const tokens = new Set(both.map(({ data }) => data.session?.refresh_token));
  expect(tokens.size).toBe(1);
});

test("an old refresh token played again ends the whole family", async () => {
  const ann = await api.person("ann");
  const stolen = (await ann.client.auth.getSession()).data.session?.refresh_token ?? "";
  const second = await api.anon().auth.refreshSession({ refresh_token: stolen });
  const third = await api.anon().auth.refreshSession({
    refresh_token: second.data.session?.refresh_token ?? "",
  });
  await api.sql`update auth.refresh_tokens set updated_at = now() - interval '11 seconds' where token = ${stolen}`;

  const thief = await api.anon().auth.refreshSession({ refresh_token: stolen });
  const owner = await api
    .anon()
    .auth.refreshSession({ refresh_token: third.data.session?.refresh_token ?? "" });

  expect(thief.error).toMatchObject({ status: 400, code: "refresh_token_already_used" });
  expect(owner.error).toMatchObject({ status: 400, code: "refresh_token_already_used" });
});

test("a refresh token that never was is refused", async () => {
  const { error } = await api.anon().auth.refreshSession({ refresh_token: "never-was" });

  expect(error).toMatchObject({ status: 400, code: "refresh_token_not_found" });
});

test("signing out ends this session and no other", async () => {
  const ann = await api.person("ann");
  const phone = api.anon();
  await phone.auth.signInWithPassword(ann);

  await ann.client.auth.signOut({ scope: "local" });

  expect(await sessionsOf(ann.id)).toBe(1);
  expect((await phone.auth.getUser()).data.user?.id).toBe(ann.id);
});

test("signing out the others leaves this session, and everywhere leaves none", async () => {
  const ann = await api.person("ann");
  const phone = api.anon();
  await phone.auth.signInWithPassword(ann);

  await ann.client.auth.signOut({ scope: "others" });
  const othersGone = (await phone.auth.getUser()).error;
  const leftAfterOthers = await sessionsOf(ann.id);
  await ann.client.auth.signOut({ scope: "global" });

  expect(othersGone?.name).toBe("AuthSessionMissingError");
  expect(leftAfterOthers).toBe(1);
  expect(await sessionsOf(ann.id)).toBe(0);
});

test("a token of a session that was signed out opens nothing of Auth", async () => {
  const ann = await api.person("ann");
  const token = (await ann.client.auth.getSession()).data.session?.access_token;
  await ann.client.auth.signOut();

  const { data, error } = await api.anon().auth.getUser(token);

  expect(data.user).toBeNull();
  expect(error?.name).toBe("AuthSessionMissingError");
});

test("tokens without a signature, of another secret or past their end are refused", async () => {
  const ann = await api.person("ann");
  const claims = claimsIn((await ann.client.auth.getSession()).data.session?.access_token) ?? {};
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
  const foreign = signToken(claims, "another secret of thirty-two characters");
  const past = signToken({ ...claims, exp: 1 }, jwtSecret);

  for (const token of [none, foreign, past]) {
    expect((await api.anon().auth.getUser(token)).error?.status, token).toBe(403);
    const rest = await fetch(`${api.url}/rest/v1/settings`, {
      headers: { apikey: api.anonKey, authorization: `Bearer ${token}` },
    });
    expect(rest.status, token).toBe(401);
    await rest.body?.cancel();
  }
});

test("a session that a function opened for Ann is taken over by her portal, and lives on by refresh", async () => {
  const ann = await api.person("ann");
  const { data } = await api.service().auth.signInWithPassword({ email: ann.email, password: ann.password });
  const portal = api.anon();

  const taken = await portal.auth.setSession({
    access_token: data.session?.access_token ?? "",
    refresh_token: data.session?.refresh_token ?? "",
  });
  const refreshed = await portal.auth.refreshSession();

  expect(taken.error).toBeNull();
  expect(taken.data.user?.id).toBe(ann.id);
  expect(refreshed.error).toBeNull();
});

test("a function ends one session with its token, and leaves the others", async () => {
  const ann = await api.person("ann");
  const phone = api.anon();
  const { data } = await phone.auth.signInWithPassword({ email: ann.email, password: ann.password });

  const { error } = await api.service().auth.admin.signOut(data.session?.access_token ?? "", "local");

  expect(error).toBeNull();
  expect((await phone.auth.getUser()).error?.name).toBe("AuthSessionMissingError");
  expect((await ann.client.auth.getUser()).error).toBeNull();
});

test("a request that Ann gives up harms nobody", async () => {
  const ann = await api.person("ann");
  const abort = new AbortController();
  const given = ann.client.rpc("my_account").abortSignal(abort.signal);
  const settled = given.then(({ error }) => error);

  abort.abort();

  expect((await settled)?.message).toMatch(/abort/i);
  expect((await ann.client.rpc("my_account")).error).toBeNull();
});
