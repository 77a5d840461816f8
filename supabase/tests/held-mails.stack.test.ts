/** Held mail: its reviewers decide, once, and nobody else; administrators may; the gateway ends each one once. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foundTown, letterOf, type Person, type Session, type Town } from "./town.ts";

let town: Town;
let [ann, rita, rob, eve]: Person[] = [];
let [asRita, asRob, asEve, asAnn]: Session[] = [];

beforeAll(async () => {
  town = await foundTown();
  [ann, rita, rob, eve] = await Promise.all(["ann", "rita", "rob", "eve"].map((name) => town.settle(name)));
  [asRita, asRob, asEve, asAnn] = await Promise.all(
    [rita!, rob!, eve!, ann!].map((person) => town.signIn(person)),
  );
});
afterAll(() => town.leave());

const recipients = ["bob@example.net", "dora@example.net"];

/** Ann's mail is held for Rita and Rob. */
async function hold({ mailMac = randomBytes(32), to = recipients } = {}) {
  const letter = letterOf({ from: ann!, to: [rita!, rob!] });
  const deliveries = letter.deliveries
    .filter(({ kind }) => kind === "to")
    .map((delivery) => ({ ...delivery, kind: "review" }));
  const heldId = randomUUID();
  const held = {
    ...{ id: heldId, mail_mac: mailMac.toString("base64"), sender: ann!.address, recipients: to },
    ...{ policy: "Offers", component: "body", score: 9, release_definition: "7-days" },
    envelope: {
      id: "x",
      utf8: false,
      eightBit: false,
      client: { address: "127.0.0.1", helo: "x", protocol: "ESMTP" },
    },
    decide_by_ms: Date.now() + 60_000,
  };
  const letters = [{ id: randomUUID(), recipient: ann!.address, content: "AQ==" }];
  const verdict = {
    verdict: "held",
    dry_run: false,
    because: "policy",
    policy: "Offers",
    component: "body",
    score: 9,
  };
  const verdicts = [{ ...verdict, sender: ann!.address, recipients: to }];
  const result = await town.gateway.query("select private.hold_mail($1, $2, $3, $4, $5) as answer", [
    {
      ...letter,
      message: { ...letter.message, definition: "held for review" },
      deliveries,
      held,
      letters,
      verdicts,
    },
    ...[randomBytes(300), randomBytes(80), randomBytes(200), Buffer.alloc(0)],
  ]);
  const deliveryOf = (person: Person) => deliveries.find(({ address }) => address === person.address)?.id;
  return {
    ...{ heldId, mailMac, messageId: letter.message.id, answer: result.rows[0].answer },
    ritas: deliveryOf(rita!),
    robs: deliveryOf(rob!),
  };
}

const decide = (
  session: Session | undefined,
  delivery: string | undefined,
  decision: string,
  words: string | null = null,
) =>
  town
    .as<{ answer: object }>(session ?? null, "select public.decide_held($1, $2, $3) as answer", [
      delivery,
      decision,
      words,
    ])
    .then(([row]) => row?.answer);

const look = (session: Session | undefined, delivery: string | undefined) =>
  town
    .as<{ answer: object | null }>(session ?? null, "select public.held_mail($1) as answer", [delivery])
    .then(([row]) => row?.answer);

async function claim(): Promise<Record<string, unknown>[]> {
  return (await town.gateway.query("select private.claim_held_mails(100, 60) as answer")).rows[0].answer;
}

async function finish(id: string, state: string): Promise<boolean> {
  const letters = [{ id: randomUUID(), recipient: ann!.address, content: "AQ==" }];
  const relay = { id: randomUUID() };
  const answer = await town.gateway.query("select private.finish_held_mail($1, $2) as answer", [
    ...[{ id, state, letters, relay }, randomBytes(300)],
  ]);
  return answer.rows[0].answer;
}

async function heldRow(id: string) {
  return (await town.admin.query("select * from public.held_mails where id = $1", [id])).rows[0];
}

test("Rita, who reviews, sees the rule and to whom it goes; Eve sees nothing, nor does Ann, who wrote it", async () => {
  const held = await hold();

  expect(await look(asRita, held.ritas)).toMatchObject({
    ...{ policy: "Offers", component: "body", score: 9, recipients, state: "waiting", secured_as: "7-days" },
  });
  for (const stranger of [asEve, asAnn]) {
    expect(await look(stranger, held.ritas)).toBeNull();
    expect(await town.as(stranger!, "select * from public.get_message($1)", [held.ritas])).toEqual([]);
  }
});

test("Rita releases it, with her name on it; Rob is told that she was first, Eve that there is no such thing", async () => {
  const held = await hold();

  expect(await decide(asEve, held.ritas, "release")).toEqual({ kind: "unknown" });
  expect(await decide(asRita, held.ritas, "release")).toEqual({ kind: "decided", decision: "release" });
  expect(await decide(asRob, held.robs, "refuse")).toMatchObject({
    ...{ kind: "decided-before", decision: "release", decided_by: rita!.address },
  });

  expect(await heldRow(held.heldId)).toMatchObject({ decision: "release", decided_by: rita!.address });
  const audit = await town.admin.query("select actor from public.audit_log where subject = $1", [
    held.heldId,
  ]);
  expect(audit.rows).toEqual([{ actor: rita!.address }]);
});

test("what Rita says with a refusal becomes one line of bounded length", async () => {
  const held = await hold();

  await decide(asRita, held.ritas, "refuse", `  Not\r\nnow. ${"x".repeat(500)}`);

  const { words } = await heldRow(held.heldId);
  expect(words).toMatch(/^Not now\. x+$/);
  expect(words.length).toBeLessThanOrEqual(300);
});

test("an administrator decides in the table, unseen, and may think again until the gateway has acted", async () => {
  const { heldId } = await hold();
  const set = (decision: string | null) =>
    town.admin.query("update public.held_mails set decision = $2 where id = $1", [heldId, decision]);

  await set("refuse");
  await set("release");
  expect(await heldRow(heldId)).toMatchObject({ decision: "release", decided_by: "administrator" });
  await finish(heldId, "released");

  await expect(set("refuse")).rejects.toThrow(
    "This mail was released already: there is nothing left to decide.",
  );
});

test("two gateways claim a decided mail once, and end it once: one letter, one relay job, content gone, copy expired", async () => {
  const held = await hold();
  await decide(asRita, held.ritas, "release");

  const claims = (await Promise.all([claim(), claim()])).flat().filter(({ id }) => id === held.heldId);
  const ends = [await finish(held.heldId, "released"), await finish(held.heldId, "released")];

  expect(claims).toHaveLength(1);
  expect(ends).toEqual([true, false]);
  expect(await heldRow(held.heldId)).toMatchObject({ state: "released", content: null });
  const jobs = await town.admin.query(
    "select sender, recipients from public.relay_jobs where mail_mac = $1",
    [held.mailMac],
  );
  expect(jobs.rows).toEqual([{ sender: ann!.address, recipients }]);
  expect(
    await town.as(asRita!, "select public.open_message($1, $2) as answer", [held.ritas, randomUUID()]),
  ).toMatchObject([{ answer: { kind: "expired" } }]);
});

test("what is not decided is not claimed before its time, and is afterwards", async () => {
  const { heldId } = await hold();
  const isClaimed = async () => (await claim()).some(({ id }) => id === heldId);

  expect(await isClaimed()).toBe(false);
  await town.admin.query("update public.held_mails set decide_by = now() where id = $1", [heldId]);

  expect(await isClaimed()).toBe(true);
});

test("a retry is held once; the other half of a split mail joins it; after a refusal a retry does not start again", async () => {
  const mailMac = randomBytes(32);
  const first = await hold({ mailMac, to: ["bob@example.net"] });

  const retry = await hold({ mailMac, to: ["bob@example.net"] });
  const half = await hold({ mailMac, to: ["dora@example.net"] });

  expect([retry.answer, half.answer]).toEqual([{ kind: "duplicate" }, { kind: "held" }]);
  expect((await heldRow(first.heldId)).recipients).toEqual(recipients);
  expect(await look(asRita, half.ritas)).toBeNull(); // one copy is enough
  await finish(first.heldId, "refused");
  expect((await hold({ mailMac })).answer).toEqual({ kind: "duplicate" });
});

test("the log shows held mail for each recipient, without a message; and nobody changes a verdict", async () => {
  const to = [`${randomUUID()}@example.net`];
  await hold({ to });

  const log = await town.admin.query("select * from public.message_log where recipient = $1", to);

  expect(log.rows).toMatchObject([
    { verdict: "held", policy: "Offers", component: "body", score: 9, message_id: null },
  ]);
  await expect(town.admin.query("update public.verdicts set policy = 'x'")).rejects.toThrow(/append-only/);
});
