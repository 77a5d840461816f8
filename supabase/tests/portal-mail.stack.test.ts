/** The outbox of the portal: whose it is, its limits, its uploads, and that it gives nothing away. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
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

const parcel = () => randomBytes(200).toString("base64");

async function hand(session: Session, id: string = randomUUID(), objects: string[] = []) {
  const rows = await town.as(session, "select public.send_portal_mail($1, 1, $2, $3, $4) as answer", [
    ...[id, parcel(), parcel(), objects],
  ]);
  return rows[0]?.answer;
}

async function reserve(
  session: Session,
  {
    mail,
    part = 1,
    piece = 0,
    bytes = 1_000,
  }: { mail: string; part?: number; piece?: number; bytes?: number },
) {
  const rows = await town.as(session, "select public.reserve_portal_upload($1, $2, $3, $4) as answer", [
    mail,
    part,
    piece,
    bytes,
  ]);
  return rows[0]?.answer;
}

/** As the Storage API does, with the rights of the caller. */
async function upload(session: Session, name: string, size = 1_000) {
  await town.as(
    session,
    "insert into storage.objects (bucket_id, name, metadata) values ('attachments', $1, $2)",
    [name, { size }],
  );
}

async function outbox(session: Session) {
  const rows = await town.as(session, "select public.my_portal_mail() as mail");
  return rows.map((row) => row.mail);
}

async function claim(most = 100): Promise<{ id: string; attempts: number; address: string }[]> {
  return (await town.gateway.query("select private.claim_portal_mail($1, 60) as claimed", [most])).rows[0]
    .claimed;
}

async function store(id: string, from: Person, to: Person, answered: string | null = null) {
  const result = await town.gateway.query(
    "select private.store_portal_mail($1, $2, $3, $4, $5, $6, null) as answer",
    [...[id, answered, letterOf({ from, to: [to] }), randomBytes(80), randomBytes(200), Buffer.alloc(0)]],
  );
  return result.rows[0].answer;
}

test("Bob sees his mail on its way, and Eve sees nothing of it", async () => {
  const id = randomUUID();

  const answer = await hand(bobs, id);

  expect(answer).toMatchObject({ kind: "sending", id, error: null, own_copy: expect.any(String) });
  expect(await outbox(bobs)).toMatchObject([{ id, state: "sending" }]);
  expect(await outbox(eves)).toEqual([]);
  await expect(town.as(bobs, "select * from public.portal_mail")).rejects.toThrow("permission denied");
});

test("the same id again is the same mail; Eve cannot take Bob's id, nor take his mail back", async () => {
  const id = randomUUID();
  await hand(bobs, id);

  expect(await hand(bobs, id)).toMatchObject({ kind: "sending", id });
  expect(await outbox(bobs)).toHaveLength(1);
  await expect(hand(eves, id)).rejects.toThrow("This id is taken");
  expect(await town.as(eves, "select public.withdraw_portal_mail($1) as done", [id])).toEqual([
    { done: false },
  ]);
  expect(await town.as(bobs, "select public.withdraw_portal_mail($1) as done", [id])).toEqual([
    { done: true },
  ]);
  expect(await outbox(bobs)).toEqual([]);
});

test("whoever is not signed in, suspended or invited sends nothing and reserves nothing", async () => {
  const newcomer = await town.settle(`new-${randomUUID().slice(0, 8)}`, "invited");
  const invited = await town.signIn(newcomer);
  await town.admin.query("update public.accounts set status = 'suspended' where id = $1", [eve.id]);

  for (const session of [invited, eves]) {
    await expect(hand(session)).rejects.toThrow("Sign in again");
    await expect(reserve(session, { mail: randomUUID() })).rejects.toThrow("Sign in again");
  }
  await expect(town.as(null, "select public.my_portal_mail()")).rejects.toThrow("permission denied");
});

test("beyond the mails of an hour Bob is told when the next may go, and Eve's are her own", async () => {
  await town.admin.query("update public.settings set portal_mails_an_hour = 2");
  try {
    const answers = [await hand(bobs), await hand(bobs), await hand(bobs)];

    expect(answers.map(({ kind }) => kind)).toEqual(["sending", "sending", "limited"]);
    expect(answers[2].seconds).toBeGreaterThan(3_500);
    expect(await hand(eves)).toMatchObject({ kind: "sending" });
    const limits = await town.as(bobs, "select public.my_portal_limits() as limits");
    expect(limits[0]?.limits).toMatchObject({ mails_an_hour: 2, mails_left: 0 });
    await town.admin.query(
      "update public.portal_mail set created_at = created_at - interval '1 hour' where account_id = $1",
      [bob.id],
    );
    expect(await hand(bobs)).toMatchObject({ kind: "sending" });
  } finally {
    await town.admin.query("update public.settings set portal_mails_an_hour = 60");
  }
});

test("a piece has one name until it is there; only its owner puts it there, and only once it is reserved", async () => {
  const mail = randomUUID();
  const first = await reserve(bobs, { mail });

  expect(first).toMatchObject({ kind: "reserved", uploaded: false });
  await expect(upload(eves, first.name)).rejects.toThrow("row-level security");
  await expect(upload(bobs, randomUUID())).rejects.toThrow("row-level security");
  await upload(bobs, first.name);
  expect(await reserve(bobs, { mail })).toEqual({ ...first, uploaded: true });
  expect((await reserve(eves, { mail })).name).not.toBe(first.name);
});

test("a mail with an upload that is not there, or is Eve's, is not taken, and the missing are named", async () => {
  const [mail, another] = [randomUUID(), randomUUID()];
  const { name } = await reserve(bobs, { mail });
  const { name: elsewhere } = await reserve(eves, { mail: another });
  await upload(eves, elsewhere);

  expect(await hand(bobs, mail, [name, elsewhere])).toEqual({
    kind: "upload-missing",
    objects: expect.arrayContaining([name, elsewhere]),
  });
  await upload(bobs, name);
  expect(await hand(bobs, mail, [name, elsewhere])).toEqual({ kind: "upload-missing", objects: [elsewhere] });
  expect(await hand(bobs, mail, [name])).toMatchObject({ kind: "sending" });
});

test("uploads stop at the size of an attachment, of a mail, and at Bob's quota, and count as large as they are", async () => {
  const piece = 4_194_304;
  const fill = async (mail: string, part: number, pieces: number) => {
    const kinds: string[] = [];
    for (let at = 0; at < pieces; at++)
      kinds.push((await reserve(bobs, { mail, part, piece: at, bytes: piece })).kind);
    return kinds;
  };
  const mail = randomUUID();

  expect((await fill(mail, 1, 6)).filter((kind) => kind === "reserved")).toHaveLength(5); // 25 MB
  expect(await fill(mail, 2, 5)).toEqual(Array(5).fill("reserved"));
  expect(await fill(mail, 3, 3)).toEqual(["reserved", "too-large", "too-large"]); // 50 MB
  for (let more = 0; more < 8; more++) await fill(randomUUID(), 1, 5);
  const full = randomUUID();
  expect(await fill(full, 1, 2)).toEqual(["over-quota", "over-quota"]);
  expect(await reserve(eves, { mail: randomUUID() })).toMatchObject({ kind: "reserved" });

  await town.as(bobs, "select public.drop_portal_uploads($1)", [mail]);
  const small = await reserve(bobs, { mail: full, part: 9, bytes: 1 });
  await upload(bobs, small.name, 30_000_000); // says one byte, brings more

  expect(await reserve(bobs, { mail: full, part: 9, piece: 1, bytes: 1 })).toEqual({ kind: "too-large" });
});

test("the machine account fetches what was sent off, and neither drafts nor, as a person, anything", async () => {
  const machine = { id: randomUUID(), address: `${randomUUID()}@machine.example`, mailboxId: "" };
  await town.admin.query("select private.add_machine_account($1, $2)", [machine.id, machine.address]);
  const machines = await town.signIn(machine, { trusted: false });
  const [sent, draft] = [randomUUID(), randomUUID()];
  const names = await Promise.all([sent, draft].map(async (mail) => (await reserve(bobs, { mail })).name));
  for (const name of names) await upload(bobs, name);
  await hand(bobs, sent, [names[0]]);
  const seen = (session: Session) =>
    town.as(session, "select name from storage.objects where name = any ($1)", [names]);

  expect(await seen(machines)).toEqual([{ name: names[0] }]);
  expect(await seen(bobs)).toEqual([]);
  expect(await seen(eves)).toEqual([]);
  await expect(upload(machines, (await reserve(bobs, { mail: draft, part: 2 })).name)).rejects.toThrow(
    "row-level security",
  );
});

test("a mail that one gateway has claimed is no other's until the lease ends, and then it comes again", async () => {
  const id = randomUUID();
  await hand(bobs, id);

  const claims = await Promise.all([claim(), claim()]);
  const mine = claims.flat().filter((mail) => mail.id === id);
  await town.admin.query(
    "update public.portal_mail set claimed_until = now() - interval '1 second' where id = $1",
    [id],
  );
  const again = (await claim()).find((mail) => mail.id === id);

  expect(mine).toMatchObject([{ attempts: 1, address: bob.address }]);
  expect(again).toMatchObject({ attempts: 2 });
  expect(await town.as(bobs, "select public.withdraw_portal_mail($1) as done", [id])).toEqual([
    { done: false },
  ]);
});

test("two gateways that both carried a mail to its end store it once, whoever's lease it was", async () => {
  const id = randomUUID();
  await hand(bobs, id);
  await claim();

  const answers = await Promise.all([store(id, bob, ann), store(id, bob, ann), store(id, bob, ann)]);

  expect(answers.map(({ kind }) => kind).sort()).toEqual(["duplicate", "duplicate", "stored"]);
  const stored = await town.admin.query("select id from public.messages where owner_account = $1", [bob.id]);
  expect(stored.rows).toHaveLength(1);
  expect(await outbox(bobs)).toMatchObject([
    { id, state: "sent", message_id: stored.rows[0].id, delivery_id: expect.any(String), own_copy: null },
  ]);
});

test("a store that fails leaves the mail on its way, and no gateway stores Bob's mail as Eve's", async () => {
  const id = randomUUID();
  await hand(bobs, id);
  await claim();

  await expect(store(id, eve, ann)).rejects.toThrow("belongs to the account that sent it");
  expect(await outbox(bobs)).toMatchObject([{ id, state: "sending" }]);
  expect(await store(id, bob, ann)).toMatchObject({ kind: "stored" });
  expect(await store(randomUUID(), bob, ann)).toEqual({ kind: "duplicate" });
});

test("a refusal is said once, keeps Bob's own copy, and frees his uploads", async () => {
  const id = randomUUID();
  const { name } = await reserve(bobs, { mail: id });
  await upload(bobs, name);
  await hand(bobs, id, [name]);
  await claim();

  await town.gateway.query("select private.refuse_portal_mail($1, 'You cannot.')", [id]);
  await town.gateway.query("select private.hold_portal_mail($1, $2)", [id, randomBytes(32)]);

  expect(await outbox(bobs)).toMatchObject([
    { id, state: "refused", error: "You cannot.", own_copy: expect.any(String) },
  ]);
  const limits = await town.as(bobs, "select public.my_portal_limits() as limits");
  expect(limits[0]?.limits).toMatchObject({ used_bytes: 0 });
  expect(await town.as(bobs, "select public.withdraw_portal_mail($1) as done", [id])).toEqual([
    { done: true },
  ]);
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
  await hand(bobs, id);
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
  await hand(bobs, id);
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

test("Bob's devices hear of each change, by id and state alone", async () => {
  const id = randomUUID();
  await hand(bobs, id);
  await claim();
  await store(id, bob, ann);

  const heard = await town.platform.query(
    "select payload from realtime.messages where topic = $1 and event = 'portal-mail' order by inserted_at",
    [`account:${bob.id}`],
  );

  expect(heard.rows.map(({ payload }) => [payload.id, payload.state])).toEqual([
    [id, "sending"],
    [id, "sent"],
  ]);
});
