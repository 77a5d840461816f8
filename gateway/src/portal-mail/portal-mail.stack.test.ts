/** Mail from the portal as those who get it see it, whichever gateway takes it. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { aliceWrites, mailFor, person } from "../testing/alice-and-bob.ts";
import { ask, deliveriesOf, eventually, insider, outsider, send } from "../testing/correspondence.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { caughtFor, takenFor } from "../testing/mail-catcher.ts";
import { type Device, openDevice } from "../testing/portal-device.ts";
import { readNewest } from "../testing/reader.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess(stack);
});
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
});

test("Bob replies: Alice gets ordinary mail that threads, both see it in the portal, and no copy is left on the way", async () => {
  const { alice, bob, messageId, answered } = await aliceWrites(stack, gateway.port);
  const bobs = await openDevice(stack, bob);

  const sent = await bobs.send({
    ...{
      kind: "reply",
      inReplyTo: answered,
      originalMessageId: messageId,
      to: [person(alice, "Alice Archer")],
    },
    ...{ subject: "Re: Plan", text: "I like it.", html: "<p>I <b>like</b> it.</p>" },
  });

  expect(sent).toMatchObject({ state: "sent", error: null, own_copy: null });
  const { mail, sender } = await mailFor(stack, alice);
  expect(mail.text).toContain("I like it.");
  expect(mail.html).toContain("<b>like</b>");
  expect(mail).toMatchObject({ inReplyTo: messageId, references: messageId, subject: "Re: Plan" });
  expect(mail.from?.value).toEqual([
    { name: "Bob Baker via Acme", address: `portal@${stack.organisation.noticeDomain}` },
  ]);
  expect(mail.replyTo?.value).toMatchObject([{ name: "Bob Baker", address: bob }]);
  expect(sender).toBe(`portal@${stack.organisation.noticeDomain}`);
  expect((await readNewest(stack, alice)).header).toMatchObject({
    from: { name: "Bob Baker", address: bob },
    subject: "Re: Plan",
  });
  expect((await readNewest(stack, bob)).body.text).toContain("I like it.");
  expect(await deliveriesOf(superuser, bob)).toMatchObject([
    { address: alice, kind: "to", channel: "mail", sealed: true },
    { address: bob, kind: "sender", channel: "sealed", sealed: true },
  ]);
  const [row] = await ask(superuser, "select parcel, own_copy, state from public.portal_mail where id = $1", [
    sent.id,
  ]);
  expect(row).toMatchObject({ parcel: null, own_copy: null, state: "sent" });
  const [reply] = await ask(
    superuser,
    "select replied_at from public.deliveries where message_id = $1 and address = $2",
    [answered, bob],
  );
  expect(reply).toMatchObject({ replied_at: expect.any(Date) });
});

test("Alice answers Bob's reply from her own client, says nothing of security, and it is secured in the same thread", async () => {
  const { alice, bob, messageId, answered } = await aliceWrites(stack, gateway.port);
  const bobs = await openDevice(stack, bob);
  await bobs.send({ inReplyTo: answered, originalMessageId: messageId, to: [person(alice)] });
  const { mail } = await mailFor(stack, alice);

  await send(gateway.port, {
    ...{ from: alice, to: mail.replyTo?.text ?? "", subject: "Re: Plan", text: "Then let us." },
    inReplyTo: mail.messageId ?? "",
  });

  expect((await readNewest(stack, bob)).body.text).toContain("Then let us.");
  const threads = await ask(
    superuser,
    "select distinct thread_id, definition from public.messages where owner_address in ($1, $2)",
    [alice, bob],
  );
  expect(threads).toHaveLength(1);
  expect(await caughtFor(stack, bob)).toEqual([]);
});

test("Bob replies to all: Dora, outside, gets a secure message and Carol, inside, ordinary mail", async () => {
  const [carol, dora] = [insider("carol"), outsider("dora")];
  const { alice, bob, messageId, answered } = await aliceWrites(stack, gateway.port, {
    to: [dora],
    cc: [carol],
  });
  const bobs = await openDevice(stack, bob);

  const sent = await bobs.send({
    ...{ kind: "reply-all", inReplyTo: answered, originalMessageId: messageId },
    ...{ to: [person(alice), person(dora)], cc: [person(carol)], text: "All of you." },
  });

  expect(sent.state).toBe("sent");
  expect(await deliveriesOf(superuser, bob)).toMatchObject([
    { address: alice, kind: "to", channel: "mail", sealed: true },
    { address: dora, kind: "to", channel: "sealed", sealed: true },
    { address: carol, kind: "cc", channel: "mail", sealed: false }, // an answer alone makes nobody an account
    { address: bob, kind: "sender" },
  ]);
  expect((await readNewest(stack, dora)).body.text).toContain("All of you.");
  expect((await mailFor(stack, carol)).mail.text).toContain("All of you.");
  expect(await caughtFor(stack, dora)).toEqual([]);
});

test("the same mail handed in again and again is sent once", async () => {
  const { alice, bob, answered } = await aliceWrites(stack, gateway.port);
  const bobs = await openDevice(stack, bob);
  const id = crypto.randomUUID();
  const sealed = await bobs.seal(id, { inReplyTo: answered, to: [person(alice)] });

  const answers = await Promise.all([1, 2, 3].map(() => bobs.hand(id, sealed)));
  await eventually(
    () => bobs.outgoing(id),
    (mail) => mail?.state === "sent",
  );
  const late = await bobs.hand(id, sealed);

  expect(answers.map(({ id: given }) => given)).toEqual([id, id, id]);
  expect(late).toMatchObject({ kind: "sent", delivery_id: expect.any(String) });
  expect(await deliveriesOf(superuser, bob)).toHaveLength(2);
  expect((await mailFor(stack, alice)).count).toBe(1);
});

test("files small and large arrive whole, also what was uploaded in pieces, and nothing is left in the draft's name", async () => {
  const { alice, bob, answered } = await aliceWrites(stack, gateway.port);
  const bobs = await openDevice(stack, bob);
  const files = { "note.txt": Buffer.from("small"), "scan.bin": randomBytes(5_000_000) };

  const sent = await bobs.send({ inReplyTo: answered, to: [person(alice)], files });

  expect(sent).toMatchObject({ state: "sent", error: null });
  const { mail } = await mailFor(stack, alice);
  expect(mail.attachments.map(({ filename }) => filename)).toEqual(["note.txt", "scan.bin"]);
  const whole = mail.attachments.map(({ content }, at) =>
    content.equals(Object.values(files)[at] ?? randomBytes(1)),
  );
  expect(whole).toEqual([true, true]);
  expect((await readNewest(stack, bob)).body.attachments).toMatchObject([
    { name: "note.txt", size: 5 },
    { name: "scan.bin", size: 5_000_000 },
  ]);
  const left = await ask(
    superuser,
    "select 1 from private.uploads where portal_mail = $1 and delete_after is null",
    [sent.id],
  );
  expect(left).toEqual([]);
});

test("two gateways at work and one that dies on the way send each mail once", async () => {
  const { alice, bob, answered } = await aliceWrites(stack, gateway.port);
  const bobs: Device = await openDevice(stack, bob);
  const other = await startGatewayProcess(stack);
  const ids = Array.from({ length: 12 }, () => crypto.randomUUID());

  await Promise.all(
    ids.map(async (id) =>
      bobs.hand(id, await bobs.seal(id, { inReplyTo: answered, to: [person(alice)], text: id })),
    ),
  );
  await eventually(
    async () => (await deliveriesOf(superuser, bob)).length,
    (count) => count >= 4,
  );
  await other.kill();
  await ask(
    superuser,
    "update public.portal_mail set claimed_until = now() where state = 'sending' and account_id = $1",
    [bobs.account.id],
  ); // as if the dead one's leases had ended

  await eventually(
    () =>
      ask<{ state: string }>(superuser, "select state from public.portal_mail where account_id = $1", [
        bobs.account.id,
      ]),
    (rows) => rows.length === ids.length && rows.every(({ state }) => state === "sent"),
  );
  expect(await deliveriesOf(superuser, bob)).toHaveLength(2 * ids.length);
  await ask(superuser, "update public.relay_jobs set claimed_until = null where state = 'due'");
  const texts = await eventually(
    async () =>
      (await takenFor(stack, alice)).map(({ source }) => ids.find((id) => source.includes(`\r\n${id}`))),
    (mails) => new Set(mails).size === ids.length,
  );
  expect(new Set(texts)).toEqual(new Set(ids));
});

test("a mail that Alice, inside, writes in the portal goes out as hers, to whom she likes, and never in plain", async () => {
  const { alice } = await aliceWrites(stack, gateway.port);
  const [carol, zoe] = [insider("carol"), outsider("zoe")];
  const alices = await openDevice(stack, alice);

  const sent = await alices.send({ to: [person(zoe), person(carol)], subject: "News" });

  expect(sent.state).toBe("sent");
  expect((await readNewest(stack, zoe)).header.subject).toBe("News");
  const { mail, sender } = await mailFor(stack, carol);
  expect(mail.from?.value).toMatchObject([{ address: alice }]);
  expect(sender).toBe(alice);
  expect(await caughtFor(stack, zoe)).toEqual([]);
});
