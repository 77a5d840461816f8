/** Listing: a page is newest first, goes on where the last one ended, and costs the page, not the mailbox. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foundTown, type Person, type Session, type Town } from "./town.ts";

const many = 1_000_000;
let town: Town;
let ann: Person;
let bob: Person;
let bobSession: Session;

beforeAll(async () => {
  town = await foundTown();
  [ann, bob] = await Promise.all([town.settle("ann"), town.settle("bob")]);
  bobSession = await town.signIn(bob);
});
afterAll(() => town.leave());

type Item = { delivery_id: string; stored_at: string; folder: string };

async function page(limit: number, after: Item | null = null): Promise<Item[]> {
  const rows = await town.as<{ item: Item }>(
    bobSession,
    "select public.list_messages('inbox', $1, $2, $3) as item",
    [limit, after?.stored_at ?? null, after?.delivery_id ?? null],
  );
  return rows.map((row) => row.item);
}

/** Fills Bob's inbox without the triggers that would tell him of each. */
async function fillInbox(count: number): Promise<void> {
  const client = await town.platform.connect();
  await client.query("set session_replication_role = replica");
  await client.query(
    `insert into public.deliveries (id, message_id, mailbox_id, address, kind, folder, mail_mac, key_version, stored_at)
     select gen_random_uuid(), (select id from public.messages limit 1), $1, n || '@' || $2, 'to', 'inbox', '\\x00', 1,
       now() - n * interval '1 second' from generate_series(1, $2::integer) n`,
    [bob.mailboxId, count],
  );
  await client.query("analyze public.deliveries");
  client.release();
}

/** Blocks of the database that a page touches: what it costs, whatever else the machine does. */
async function costOfPage(): Promise<number> {
  await page(50);
  const rows = await town.as<{ "QUERY PLAN": { Plan: Record<string, number> }[] }>(
    bobSession,
    "explain (analyze, buffers, format json) select public.list_messages('inbox', 50)",
  );
  const plan = rows[0]!["QUERY PLAN"][0]!.Plan;
  return plan["Shared Hit Blocks"]! + plan["Shared Read Blocks"]!;
}

test("pages follow each other without a gap and without a double, newest first", async () => {
  for (let i = 0; i < 25; i += 1) await town.send({ from: ann, to: [bob], mailMac: randomBytes(32) });

  const first = await page(10);
  const second = await page(10, first.at(-1)!);
  const third = await page(10, second.at(-1)!);

  const all = [...first, ...second, ...third];
  expect(all).toHaveLength(25);
  expect(new Set(all.map((item) => item.delivery_id)).size).toBe(25);
  expect(all.map((item) => item.stored_at)).toEqual([...all.map((item) => item.stored_at)].sort().reverse());
});

test("a limit that is out of bounds gets a page all the same", async () => {
  expect(await page(0)).toHaveLength(1);
  expect(await page(1_000_000)).toHaveLength(25);
});

test(`a page of ${many.toLocaleString("en")} deliveries costs what a page of a thousand costs`, async () => {
  await fillInbox(1_000);
  const small = await costOfPage();

  await fillInbox(many);
  const large = await costOfPage();

  expect(large / small).toBeLessThan(1.2);
}, 180_000);
