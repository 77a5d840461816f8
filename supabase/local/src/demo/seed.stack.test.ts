import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { signInDemo } from "../testing/demo-session.ts";
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

test("a start that was cut off after the accounts were made is finished by the next", async () => {
  await database.query("delete from auth.users where email = 'carol@acme.example'");
  await database.query(
    "delete from public.mailbox_members m using public.accounts a where a.id = m.account_id and a.address = 'carol@acme.example'",
  );
  await database.query("delete from public.mailboxes where address = 'carol@acme.example'");
  await database.query("delete from public.accounts where address = 'carol@acme.example'");

  await seed({
    databaseUrl: stack.databaseUrls.postgres,
    apiUrl: stack.apiUrl,
    deployment: stack.deployment,
    organisation: stack.organisation,
  });

  expect((await signInDemo(stack, "carol@acme.example")).accountId).not.toBe("");
});

async function contents(): Promise<unknown> {
  const found = await database.query(
    `select (select jsonb_agg(a order by a.id) from public.accounts a where a.address like '%@acme.example') as accounts,
            (select jsonb_agg(d order by d.domain) from public.domains d) as domains,
            (select count(*) from auth.users) as users`,
  );
  return found.rows[0];
}
