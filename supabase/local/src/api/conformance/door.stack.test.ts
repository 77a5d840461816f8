/** Who gets through the gateway at all, and that nothing behind it opens the database. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;
const echo = createServer((incoming, outgoing) => {
  const { url, method, headers } = incoming;
  incoming.setEncoding("utf8");
  let body = "";
  incoming.on("data", (text: string) => {
    body += text;
  });
  incoming.on("end", () => {
    outgoing.writeHead(201, { "content-type": "application/json" });
    outgoing.end(
      JSON.stringify({ url, method, body, from: headers["x-forwarded-for"], key: headers.authorization }),
    );
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  api = await temporaryApi({ functionPorts: { echo: (echo.address() as AddressInfo).port, away: 9 } });
});

afterAll(async () => {
  await api.stop();
  echo.close();
});

const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${api.url}${path}`, { method, headers });

/** Everything that decides who may do what in the database. */
async function rightsIn({ sql }: TemporaryApi) {
  const [row] = await sql`
    select
      (select json_agg(a order by a.oid) from (select oid, relacl::text, relrowsecurity, relforcerowsecurity
        from pg_class where relnamespace::regnamespace::text in ('public', 'private', 'auth', 'storage', 'realtime')
          and relname not like 'pg_toast%') a) as tables,
      (select json_agg(a order by a.oid) from (select oid, proacl::text, prosrc, prosecdef
        from pg_proc where pronamespace::regnamespace::text in ('public', 'private', 'auth', 'storage', 'realtime')) a) as functions,
      (select json_agg(a order by a.oid) from (select oid, nspacl::text from pg_namespace) a) as schemas,
      (select json_agg(a order by a.oid) from (select oid, defaclacl::text from pg_default_acl) a) as defaults,
      (select json_agg(a order by a.oid) from (select oid, roleid, member, inherit_option, set_option
        from pg_auth_members) a) as members`;
  return row;
}

/** A request to each service, by a person and by the service key. Returns what must have gone well. */
async function traffic(through: TemporaryApi) {
  const ann = await through.person("ann");
  const answers = [
    await ann.client.rpc("my_account"),
    await ann.client.auth.getUser(),
    await ann.client.storage.from("attachments").list(),
    await through.service().storage.listBuckets(),
    await through.service().auth.admin.listUsers(),
  ];
  await ann.client.from("settings").select();
  return answers.map(({ error }) => error);
}

test("traffic through every service leaves every grant and function of the database as it was", async () => {
  const before = await rightsIn(api);

  const errors = await traffic(api);

  expect(errors).toEqual([null, null, null, null, null]);
  expect(await rightsIn(api)).toEqual(before);
});

test("it would leave them alone even if its role were allowed to change them", async () => {
  const mighty = await temporaryApi({ liteRole: "supabase_admin" });
  const before = await rightsIn(mighty);

  await traffic(mighty);
  const after = await rightsIn(mighty);
  await mighty.stop();

  expect(after).toEqual(before);
});

test("the role behind the API is no superuser, owns nothing in public and administers nobody", async () => {
  const [role] = await api.sql`
    select rolsuper, rolcreaterole, rolbypassrls,
      pg_has_role('supabase_lite', 'postgres', 'member') as is_postgres,
      (select count(*)::int from pg_class where relowner = r.oid) as owns,
      (select count(*)::int from pg_auth_members where member = r.oid and admin_option) as administers
    from pg_roles r where rolname = 'supabase_lite'`;

  expect(role).toEqual({
    rolsuper: false,
    rolcreaterole: false,
    rolbypassrls: false,
    is_postgres: false,
    owns: 0,
    administers: 0,
  });
});

test("auth and rest ask for a key and refuse a wrong one, as Kong does", async () => {
  for (const path of ["/auth/v1/settings", "/rest/v1/settings", "/realtime/v1/api/broadcast"]) {
    const none = await ask(path);
    const wrong = await ask(path, { apikey: "wrong" });

    expect([none.status, await none.json()], path).toMatchObject([
      401,
      { message: "No API key found in request" },
    ]);
    expect([wrong.status, await wrong.json()], path).toMatchObject([401, { message: "Invalid API key" }]);
  }
});

test("a good key gets through, in the header or the address", async () => {
  expect((await ask("/auth/v1/health", { apikey: api.anonKey })).status).toBe(200);
  expect((await ask(`/auth/v1/health?apikey=${api.anonKey}`)).status).toBe(200);
});

test("nothing else of what lies behind is reachable", async () => {
  const paths = [
    "/",
    "/_system/info",
    "/_system",
    "/studio",
    "/index.html",
    "/graphql/v1",
    "/rest/v2/x",
    "/restv1",
    "/pg",
  ];
  for (const path of [...paths, "/auth/v1/../../_system/info", "/rest/v1/..%2f..%2f_system/info"]) {
    const answer = await ask(path, { apikey: api.serviceRoleKey });
    expect(answer.status, path).toBe(404);
    await answer.body?.cancel();
  }
});

test("a page of another origin may ask, and read the headers that paging needs", async () => {
  const preflight = await ask(
    "/rest/v1/settings",
    {
      origin: "http://localhost:8080",
      "access-control-request-method": "PATCH",
      "access-control-request-headers": "apikey,authorization,prefer",
    },
    "OPTIONS",
  );
  const answer = await ask("/auth/v1/health", { apikey: api.anonKey, origin: "http://localhost:8080" });
  const refusal = await ask("/auth/v1/health", { origin: "http://localhost:8080" });

  expect(preflight.status).toBe(200);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  expect(preflight.headers.get("access-control-allow-methods")).toContain("PATCH");
  expect(preflight.headers.get("access-control-allow-headers")).toBe("apikey,authorization,prefer");
  expect(answer.headers.get("access-control-expose-headers")).toMatch(/content-range.*x-total-count/);
  expect(refusal.headers.get("access-control-allow-origin")).toBe("*");
});

test("a function is invoked by name, with the caller's own token, path, body and true address", async () => {
  const ann = await api.person("ann");

  const { data, error } = await ann.client.functions.invoke("echo", {
    body: { a: 1 },
    headers: { "x-forwarded-for": "203.0.113.9" },
  });

  const { data: own } = await ann.client.auth.getSession();
  expect(error).toBeNull();
  expect(data).toEqual({
    url: "/echo",
    method: "POST",
    body: '{"a":1}',
    from: "127.0.0.1",
    key: `Bearer ${own.session?.access_token}`,
  });
});

test("a function that is not there is not found, and one that is down says so", async () => {
  for (const [name, status] of [
    ["nobody", 404],
    ["away", 503],
    ["constructor", 404],
    ["", 404],
  ] as const) {
    const answer = await ask(`/functions/v1/${name}`, { apikey: api.anonKey }, "POST");
    expect(answer.status, name).toBe(status);
    expect(await answer.json()).toHaveProperty("message");
  }
});

test("a token that another deployment signed is nobody here, wherever it is shown", async () => {
  const claims = Buffer.from(JSON.stringify({ role: "service_role", exp: 4102444800 })).toString("base64url");
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${claims}.`;
  const headers = { apikey: api.anonKey, authorization: `Bearer ${unsigned}` };

  for (const path of ["/rest/v1/settings", "/storage/v1/bucket", "/auth/v1/admin/users"]) {
    const answer = await ask(path, headers);
    expect([400, 401, 403], path).toContain(answer.status);
    await answer.body?.cancel();
  }
});
