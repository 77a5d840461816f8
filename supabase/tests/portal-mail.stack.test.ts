/** The outbox of the portal: whose it is, its limits, and that each mail is stored once. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { claim, hand, outbox, reserve, store, upload } from "./outbox.ts";
import { foundTown, type Person, type Session, type Town } from "./town.ts";

let town: Town;
let ann: Person;
let bob: Person;
let eve: Person;
let bobs: Session;
let eves: Session;

beforeAll(async () => {
  town = await foundTown();
});
afterAll(() => town.leave());
beforeEach(async () => {
  const one = randomUUID().slice(0, 8);
  [ann, bob, eve] = [
    await town.settle(`ann-${one}`),
    await town.settle(`bob-${one}`),
    await town.settle(`eve-${one}`),
  ];
  [bobs, eves] = [await town.signIn(bob), await town.signIn(eve)];
});

test("Bob sees his mail on its way, and Eve sees nothing of it", async () => {
  const id = randomUUID();

  const answer = await hand(town, bobs, id);

  expect(answer).toMatchObject({ kind: "sending", id, error: null, own_copy: expect.any(String) });
  expect(await outbox(town, bobs)).toMatchObject([{ id, state: "sending" }]);
  expect(await outbox(town, eves)).toEqual([]);
  await expect(town.as(bobs, "select * from public.portal_mail")).rejects.toThrow("permission denied");
});

test("the same id again is the same mail; Eve cannot take Bob's id, nor take his mail back", async () => {
  const id = randomUUID();
  await hand(town, bobs, id);

  expect(await hand(town, bobs, id)).toMatchObject({ kind: "sending", id });
  expect(await outbox(town, bobs)).toHaveLength(1);
  await expect(hand(town, eves, id)).rejects.toThrow("This id is taken");
  expect(await town.as(eves, "select public.withdraw_portal_mail($1) as done", [id])).toEqual([
    { done: false },
  ]);
  expect(await town.as(bobs, "select public.withdraw_portal_mail($1) as done", [id])).toEqual([
    { done: true },
  ]);
  expect(await outbox(town, bobs)).toEqual([]);
});

test("whoever is not signed in, suspended or invited sends nothing and reserves nothing", async () => {
  const newcomer = await town.settle(`new-${randomUUID().slice(0, 8)}`, "invited");
  const invited = await town.signIn(newcomer);
  await town.admin.query("update public.accounts set status = 'suspended' where id = $1", [eve.id]);

  for (const session of [invited, eves]) {
    await expect(hand(town, session)).rejects.toThrow("Sign in again");
    await expect(reserve(town, session, { mail: randomUUID() })).rejects.toThrow("Sign in again");
  }
  await expect(town.as(null, "select public.my_portal_mail()")).rejects.toThrow("permission denied");
});

test("beyond the mails of an hour Bob is told when the next may go, and Eve's are her own", async () => {
  await town.admin.query("update public.settings set portal_mails_an_hour = 2");
  try {
    const answers = [await hand(town, bobs), await hand(town, bobs), await hand(town, bobs)];

    expect(answers.map(({ kind }) => kind)).toEqual(["sending", "sending", "limited"]);
    expect(answers[2].seconds).toBeGreaterThan(3_500);
    expect(await hand(town, eves)).toMatchObject({ kind: "sending" });
    const limits = await town.as(bobs, "select public.my_portal_limits() as limits");
    expect(limits[0]?.limits).toMatchObject({ mails_an_hour: 2, mails_left: 0 });
    await town.admin.query(
      "update public.portal_mail set created_at = created_at - interval '1 hour' where account_id = $1",
      [bob.id],
    );
    expect(await hand(town, bobs)).toMatchObject({ kind: "sending" });
  } finally {
    await town.admin.query("update public.settings set portal_mails_an_hour = 60");
  }
});

test("a mail that one gateway has claimed is no other's until the lease ends, and then it comes again", async () => {
  const id = randomUUID();
  await hand(town, bobs, id);

  const claims = await Promise.all([claim(town), claim(town)]);
  const mine = claims.flat().filter((mail) => mail.id === id);
  await town.admin.query(
    "update public.portal_mail set claimed_until = now() - interval '1 second' where id = $1",
    [id],
  );
  const again = (await claim(town)).find((mail) => mail.id === id);

  expect(mine).toMatchObject([{ attempts: 1, address: bob.address }]);
  expect(again).toMatchObject({ attempts: 2 });
  expect(await town.as(bobs, "select public.withdraw_portal_mail($1) as done", [id])).toEqual([
    { done: false },
  ]);
});

test("two gateways that both carried a mail to its end store it once, whoever's lease it was", async () => {
  const id = randomUUID();
  await hand(town, bobs, id);
  await claim(town);

  const answers = await Promise.all([
    store(town, id, bob, ann),
    store(town, id, bob, ann),
    store(town, id, bob, ann),
  ]);

  expect(answers.map(({ kind }) => kind).sort()).toEqual(["duplicate", "duplicate", "stored"]);
  const stored = await town.admin.query("select id from public.messages where owner_account = $1", [bob.id]);
  expect(stored.rows).toHaveLength(1);
  expect(await outbox(town, bobs)).toMatchObject([
    { id, state: "sent", message_id: stored.rows[0].id, delivery_id: expect.any(String), own_copy: null },
  ]);
});

test("a store that fails leaves the mail on its way, and no gateway stores Bob's mail as Eve's", async () => {
  const id = randomUUID();
  await hand(town, bobs, id);
  await claim(town);

  await expect(store(town, id, eve, ann)).rejects.toThrow("belongs to the account that sent it");
  expect(await outbox(town, bobs)).toMatchObject([{ id, state: "sending" }]);
  expect(await store(town, id, bob, ann)).toMatchObject({ kind: "stored" });
  expect(await store(town, randomUUID(), bob, ann)).toEqual({ kind: "duplicate" });
});

test("a refusal is said once, keeps Bob's own copy, and frees his uploads", async () => {
  const id = randomUUID();
  const { name } = await reserve(town, bobs, { mail: id });
  await upload(town, bobs, name);
  await hand(town, bobs, id, [name]);
  await claim(town);

  await town.gateway.query("select private.refuse_portal_mail($1, 'You cannot.')", [id]);
  await town.gateway.query("select private.hold_portal_mail($1, $2)", [id, randomBytes(32)]);

  expect(await outbox(town, bobs)).toMatchObject([
    { id, state: "refused", error: "You cannot.", own_copy: expect.any(String) },
  ]);
  const limits = await town.as(bobs, "select public.my_portal_limits() as limits");
  expect(limits[0]?.limits).toMatchObject({ used_bytes: 0 });
  expect(await town.as(bobs, "select public.withdraw_portal_mail($1) as done", [id])).toEqual([
    { done: true },
  ]);
});

test("Bob's devices hear of each change, by id and state alone", async () => {
  const id = randomUUID();
  await hand(town, bobs, id);
  await claim(town);
  await store(town, id, bob, ann);

  const heard = await town.platform.query(
    "select payload from realtime.messages where topic = $1 and event = 'portal-mail' order by inserted_at",
    [`account:${bob.id}`],
  );

  expect(heard.rows.map(({ payload }) => [payload.id, payload.state])).toEqual([
    [id, "sending"],
    [id, "sent"],
  ]);
});
