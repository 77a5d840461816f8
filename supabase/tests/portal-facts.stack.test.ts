/** What the gateway learns about the recipients of a portal mail, and writers about theirs. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hand } from "./outbox.ts";
import { foundTown, letterOf, type Person, type Session, type Town } from "./town.ts";

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

test("facts name of the asked addresses those in the thread as Bob knows it, never hidden ones, and who wrote to him", async () => {
  const carol = await town.settle(`carol-${randomUUID().slice(0, 8)}`);
  const letter = letterOf({ from: ann, to: [bob, carol, eve] });
  for (const delivery of letter.deliveries)
    if (delivery.address === eve.address) Object.assign(delivery, { kind: "bcc" });
  await town.gateway.query("select private.store_message($1, $2, $3, $4, null)", [
    ...[letter, randomBytes(80), randomBytes(200), Buffer.alloc(0)],
  ]);
  const id = randomUUID();
  await hand(town, bobs, id);
  const facts = async (message: string | null, addresses: string[]) =>
    (
      await town.gateway.query("select private.portal_mail_facts($1, $2, $3) as facts", [
        id,
        message,
        addresses,
      ])
    ).rows[0].facts;
  const everybody = [ann, bob, carol, eve].map(({ address }) => address);

  const known = await facts(letter.message.id, [...everybody, "stranger@example.net"]);

  expect(known.answered).toMatchObject({
    owner: ann.address,
    ended: false,
    thread_id: letter.message.thread_id,
  });
  expect(known.answered.people.sort()).toEqual([ann.address, bob.address, carol.address].sort());
  expect(known.correspondents).toEqual([ann.address]);
  expect(await facts(null, [carol.address])).toEqual({ answered: null, correspondents: [] });
  const others = await town.send({ from: ann, to: [carol] });
  expect((await facts(others.messageId, everybody)).answered).toBeNull();
});

test("an answer that was sent off before the expiry is in time, one after it is not", async () => {
  const { messageId } = await town.send({
    from: ann,
    to: [bob],
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  const id = randomUUID();
  await hand(town, bobs, id);
  const ended = async () =>
    (await town.gateway.query("select private.portal_mail_facts($1, $2, '{}') as facts", [id, messageId]))
      .rows[0].facts.answered.ended;

  expect(await ended()).toBe(false);
  await town.admin.query(
    "update public.portal_mail set created_at = now() + interval '2 hours' where id = $1",
    [id],
  );
  expect(await ended()).toBe(true);
});

test("Bob's correspondents are the people of the organisation who have written to him", async () => {
  await town.admin.query("update public.accounts set kind = 'internal' where id = $1", [ann.id]);
  await town.send({ from: ann, to: [bob] });
  await town.send({ from: eve, to: [bob] });

  const rows = await town.as(bobs, "select public.my_correspondents() as who");

  expect(rows).toMatchObject([{ who: { address: ann.address, name: "Ann" } }]);
  expect(await town.as(eves, "select public.my_correspondents() as who")).toEqual([]);
});
