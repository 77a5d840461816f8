import { randomUUID } from "node:crypto";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { signInDemo } from "../testing/demo-session.ts";
import { type AuthUsers, authUsers } from "./auth-users.ts";
import { makePerson } from "./person.ts";
import { seed } from "./seed.ts";

const stack = inject("stack");
let database: Client;

beforeAll(async () => {
  database = new Client(stack.databaseUrls.superuser);
  await database.connect();
});

afterAll(() => database.end());

test("Alice and Carol can sign in with the password that npm start prints, through the portal's own door", async () => {
  const alice = await signInDemo(stack, "alice@acme.example");
  const carol = await signInDemo(stack, "carol@acme.example");

  expect(alice.accountId).not.toBe(carol.accountId);
});

test("nobody of the demo signs in with another password", async () => {
  const mistaken = {
    ...stack,
    organisation: { ...stack.organisation, demo: { password: "lantern-Orchard-42-sale" } },
  };

  await expect(signInDemo(mistaken, "alice@acme.example")).rejects.toThrow("refused");
  await signInDemo(stack, "alice@acme.example"); // so that other tests find no failures counted
});

test("seeding again changes nothing", async () => {
  const before = await contents();

  await seed({
    databaseUrl: stack.databaseUrls.postgres,
    apiUrl: stack.apiUrl,
    deployment: stack.deployment,
    organisation: stack.organisation,
  });

  expect(await contents()).toEqual(before);
});

test("a start that was cut off before the password was set is finished by the next", async () => {
  const { deployment } = stack;
  const dave = { address: `dave-${randomUUID()}@acme.example`, name: "Dave" };
  const primitives = webCryptoPrimitives(globalThis.crypto);
  const users = authUsers(stack.apiUrl, deployment.serviceRoleKey);
  const cutOff: AuthUsers = { put: () => Promise.reject(new Error("power cut")) };
  const password = stack.organisation.demo?.password ?? "";
  await expect(
    makePerson(dave, password, { database, users: cutOff, deployment, primitives }),
  ).rejects.toThrow();

  await makePerson(dave, password, { database, users, deployment, primitives });

  expect((await signInDemo(stack, dave.address)).accountId).not.toBe("");
});

async function contents(): Promise<unknown> {
  const found = await database.query(
    `select (select jsonb_agg(a order by a.id) from public.accounts a where a.address in ('alice@acme.example', 'carol@acme.example')) as accounts,
            (select jsonb_agg(d order by d.domain) from public.domains d) as domains`,
  );
  return found.rows[0];
}
