/** Expiry: what has ended is deleted, and the tombstone says when, and to the sender whether it was opened. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foundTown, type Person, type Session, type Town } from "./town.ts";

let town: Town;
let ann: Person;
let bob: Person;
let annSession: Session;
let bobSession: Session;

beforeAll(async () => {
  town = await foundTown();
  [ann, bob] = await Promise.all([town.settle("ann"), town.settle("bob")]);
  [annSession, bobSession] = [await town.signIn(ann), await town.signIn(bob)];
});
afterAll(() => town.leave());

type Item = {
  state: string;
  ended_at: string | null;
  header: string | null;
  sealed_header_key: string | null;
};

async function inbox(): Promise<Map<string, Item>> {
  const rows = await town.as<{ item: Item & { message_id: string } }>(
    bobSession,
    "select public.list_messages('inbox') as item",
  );
  return new Map(rows.map(({ item }) => [item.message_id, item]));
}

async function expireNow(messageId: string): Promise<void> {
  await town.admin.query(
    "update public.messages set expires_at = created_at + interval '1 second' where id = $1",
    [messageId],
  );
}

async function leftOf(messageId: string): Promise<number> {
  const rows = await town.admin.query(
    `select (select count(*) from public.message_contents where message_id = $1)
       + (select count(*) from public.attachments where message_id = $1)
       + (select count(*) from public.deliveries where message_id = $1
            and (sealed_header_key is not null or sealed_content_key is not null)) as left`,
    [messageId],
  );
  return Number(rows.rows[0].left);
}

test("the sweep removes keys, bodies and attachments of what has expired, and queues its objects", async () => {
  const object = randomUUID();
  await town.gateway.query("select private.reserve_upload($1, 1000000)", [object]);
  const { messageId } = await town.send({ from: ann, to: [bob], objectName: object });
  const living = await town.send({ from: ann, to: [bob] });
  await expireNow(messageId);

  await town.gateway.query("select private.expire_due(100)");

  expect(await leftOf(messageId)).toBe(0);
  expect(await leftOf(living.messageId)).toBeGreaterThan(0);
  const due = await town.gateway.query("select private.work_due() as work");
  expect(due.rows[0].work.sweep).toBe(true);
});

test("Bob's list shows a tombstone that says when it expired, before the sweep and after", async () => {
  const { messageId } = await town.send({ from: ann, to: [bob] });
  await expireNow(messageId);

  const before = (await inbox()).get(messageId);
  await town.gateway.query("select private.expire_due(100)");
  const after = (await inbox()).get(messageId);

  for (const item of [before, after]) {
    expect(item).toMatchObject({
      state: "expired",
      header: null,
      sealed_header_key: null,
      ended_at: expect.any(String),
    });
  }
});

test("the sender's tombstone says whether it was opened", async () => {
  const { messageId, deliveries } = await town.send({ from: ann, to: [bob] });
  await town.as(bobSession, "select public.open_message($1, $2)", [
    deliveries.get("to bob@example.org"),
    randomUUID(),
  ]);
  await expireNow(messageId);
  await town.gateway.query("select private.expire_due(100)");

  const rows = await town.as<{ row: Record<string, unknown> }>(
    annSession,
    "select public.sent_recipients($1) as row",
    [messageId],
  );

  expect(rows[0]!.row).toMatchObject({
    open_count: 1,
    expired_at: expect.any(String),
    first_opened_at: expect.any(String),
  });
});

test("a recall hides at once and deletes only when it can no longer be undone", async () => {
  const { messageId } = await town.send({ from: ann, to: [bob] });
  await town.admin.query("update public.messages set recalled_at = now() where id = $1", [messageId]);

  await town.gateway.query("select private.expire_due(100)");
  expect((await inbox()).get(messageId)).toMatchObject({ state: "recalled", header: null });
  expect(await leftOf(messageId)).toBeGreaterThan(0);

  await town.admin.query(
    "update public.messages set recalled_at = now() - interval '25 hours' where id = $1",
    [messageId],
  );
  await town.gateway.query("select private.expire_due(100)");
  expect(await leftOf(messageId)).toBe(0);
});

test("two gateways expiring at once share the work", async () => {
  for (let i = 0; i < 20; i += 1) await expireNow((await town.send({ from: ann, to: [bob] })).messageId);

  const done = await Promise.all(
    [1, 2, 3, 4].map(() => town.gateway.query("select private.expire_due(100) as n")),
  );

  expect(done.reduce((sum, result) => sum + result.rows[0].n, 0)).toBe(20);
});

test("what no longer counts of sign-ins is forgotten: ended sessions and old attempts; what counts stays", async () => {
  const [ended, standing] = [
    JSON.parse((await town.signIn(bob)).claims),
    JSON.parse((await town.signIn(bob)).claims),
  ];
  await town.admin.query("update private.trusted_sessions set created_at = now() - interval '2 hours'");
  await town.platform.query("delete from auth.sessions where id = $1", [ended.session_id]);
  await town.admin.query(
    "insert into private.attempts (scope, mac, window_started_at) values ('address', '\\x01', now() - interval '2 days'), ('address', '\\x02', now())",
  );

  await town.gateway.query("select private.expire_due(100)");

  const sessions = await town.admin.query(
    "select session_id from private.trusted_sessions where session_id = any ($1)",
    [[ended.session_id, standing.session_id]],
  );
  const attempts = await town.admin.query("select mac from private.attempts");
  expect(sessions.rows).toEqual([{ session_id: standing.session_id }]);
  expect(attempts.rows).toEqual([{ mac: Buffer.from([2]) }]);
});
