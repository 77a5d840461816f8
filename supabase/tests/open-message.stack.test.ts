/** Opening: the content key leaves with its receipt, to whom it was sent, while it may be read, and as often as allowed. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foundTown, type Person, type Session, type Town } from "./town.ts";

let town: Town;
let ann: Person;
let bob: Person;
let eve: Person;
let annSession: Session;
let bobSession: Session;
let eveSession: Session;

beforeAll(async () => {
  town = await foundTown();
  [ann, bob, eve] = await Promise.all([town.settle("ann"), town.settle("bob"), town.settle("eve")]);
  [annSession, bobSession, eveSession] = [
    await town.signIn(ann),
    await town.signIn(bob),
    await town.signIn(eve),
  ];
});
afterAll(() => town.leave());

async function open(session: Session, delivery: string, opening = randomUUID()) {
  const rows = await town.as<{ answer: Record<string, unknown> }>(
    session,
    "select public.open_message($1, $2) as answer",
    [delivery, opening],
  );
  return rows[0]!.answer;
}

async function receiptsOf(delivery: string): Promise<string[]> {
  const result = await town.admin.query("select kind from public.receipts where delivery_id = $1", [
    delivery,
  ]);
  return result.rows.map((row) => row.kind);
}

const toBob = (deliveries: ReadonlyMap<string, string>) => deliveries.get("to bob@example.org")!;

test("Bob opens his message, and the receipt is there with the key", async () => {
  const { deliveries } = await town.send({ from: ann, to: [bob] });

  const answer = await open(bobSession, toBob(deliveries));

  expect(answer).toMatchObject({ kind: "opened", open_count: 1, sealed_content_key: expect.any(String) });
  expect(await receiptsOf(toBob(deliveries))).toEqual(["opened"]);
});

test("Eve, signed in but not addressed, gets the same answer as for a message that never was", async () => {
  const { deliveries } = await town.send({ from: ann, to: [bob] });

  const answer = await open(eveSession, toBob(deliveries));

  expect(answer).toEqual({ kind: "unknown" });
  expect(await open(eveSession, randomUUID())).toEqual(answer);
  expect(await receiptsOf(toBob(deliveries))).toEqual([]);
});

test("a transaction that is rolled back releases neither key nor receipt; there is no key without a receipt", async () => {
  const { deliveries } = await town.send({ from: ann, to: [bob] });
  const statement = "select public.open_message($1, $2), 1 / 0";

  await expect(town.as(bobSession, statement, [toBob(deliveries), randomUUID()])).rejects.toThrow(
    "division by zero",
  );

  expect(await receiptsOf(toBob(deliveries))).toEqual([]);
});

test("the same opening asked for again answers the same and counts once; another one counts again", async () => {
  const { deliveries } = await town.send({ from: ann, to: [bob] });
  const opening = randomUUID();

  const first = await open(bobSession, toBob(deliveries), opening);
  const retried = await open(bobSession, toBob(deliveries), opening);
  const again = await open(bobSession, toBob(deliveries));

  expect(retried.sealed_content_key).toBe(first.sealed_content_key);
  expect([first.open_count, retried.open_count, again.open_count]).toEqual([1, 1, 2]);
});

test("a message that can be opened once opens once, also when its answer is lost and two devices try at once", async () => {
  const { deliveries } = await town.send({ from: ann, to: [bob], viewLimit: 1 });
  const opening = randomUUID();

  const answers = await Promise.all([
    open(bobSession, toBob(deliveries), opening),
    open(bobSession, toBob(deliveries), opening),
    open(bobSession, toBob(deliveries)),
  ]);
  const kinds = answers.map((answer) => answer.kind).sort();

  expect(kinds.filter((kind) => kind === "opened").length).toBeGreaterThanOrEqual(1);
  expect(await receiptsOf(toBob(deliveries))).toEqual(["opened"]);
  expect(await open(bobSession, toBob(deliveries))).toMatchObject({ kind: "used" });
});

test("past its expiry a message opens for nobody at that second, and the sender's copy neither", async () => {
  const soon = new Date(Date.now() + 1_000);
  const { deliveries, messageId } = await town.send({ from: ann, to: [bob], expiresAt: soon });
  expect(await open(bobSession, toBob(deliveries))).toMatchObject({ kind: "opened" });

  await town.admin.query("select pg_sleep_until($1)", [soon]);

  expect(await open(bobSession, toBob(deliveries))).toMatchObject({ kind: "expired" });
  expect(await open(annSession, deliveries.get("sender ann@example.org")!)).toMatchObject({
    kind: "expired",
  });
  const headers = "select header from public.message_contents where message_id = $1";
  expect(await town.as(bobSession, headers, [messageId])).toEqual([]);
});

test("a recalled message opens for nobody, and an administrator recalls by setting a date", async () => {
  const { deliveries, messageId } = await town.send({ from: ann, to: [bob] });

  await town.admin.query("update public.messages set recalled_at = now() where id = $1", [messageId]);

  expect(await open(bobSession, toBob(deliveries))).toMatchObject({ kind: "recalled" });
});

test("the sender reads the own copy without a receipt, and sees who opened", async () => {
  const { deliveries, messageId } = await town.send({ from: ann, to: [bob] });
  await open(bobSession, toBob(deliveries));

  const own = await open(annSession, deliveries.get("sender ann@example.org")!);
  const rows = await town.as<{ row: Record<string, unknown> }>(
    annSession,
    "select public.sent_recipients($1) as row",
    [messageId],
  );

  expect(own).toMatchObject({ kind: "opened", open_count: 0 });
  expect(rows.map((each) => each.row)).toMatchObject([{ address: "bob@example.org", open_count: 1 }]);
});

test("Bob, a recipient, cannot see the other recipients or the sender's tracking", async () => {
  const { messageId } = await town.send({ from: ann, to: [bob, eve] });

  const tracking = await town.as(bobSession, "select public.sent_recipients($1)", [messageId]);
  const deliveries = await town.as<{ mailbox_id: string }>(
    bobSession,
    "select mailbox_id from public.deliveries where message_id = $1",
    [messageId],
  );

  expect(tracking).toEqual([]);
  expect(deliveries).toEqual([{ mailbox_id: bob.mailboxId }]);
});

test("an attachment's bytes come after the opening, to Bob and not to Eve", async () => {
  const bytes = Buffer.from("sealed attachment");
  const { deliveries } = await town.send({ from: ann, to: [bob], attachment: bytes });
  const fetch = "select public.attachment_data(id) as data from (select $1::uuid as id) a";
  const id = (
    await town.admin.query("select id from public.attachments where cipher_bytes = $1 and data = $2", [
      bytes.length,
      bytes,
    ])
  ).rows[0].id;

  const before = await town.as<{ data: string | null }>(bobSession, fetch, [id]);
  await open(bobSession, toBob(deliveries));
  const after = await town.as<{ data: string | null }>(bobSession, fetch, [id]);
  const forEve = await town.as<{ data: string | null }>(eveSession, fetch, [id]);

  expect(before[0]!.data).toBeNull();
  expect(after[0]!.data).toBe(bytes.toString("base64"));
  expect(forEve[0]!.data).toBeNull();
});
