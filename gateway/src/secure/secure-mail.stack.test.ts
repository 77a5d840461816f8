import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask, deliveriesOf, eventually, insider, outsider, send } from "../testing/correspondence.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { caughtFor } from "../testing/mail-catcher.ts";
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

test("Ann's [secure] mail is stored sealed for Bob, who can read it, and for her own Sent", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];

  const answer = await send(gateway.port, {
    from: `Ann Archer <${ann}>`,
    to: `Bob <${bob}>`,
    subject: "[secure 7d no-print] Your results",
    text: "The finding is benign.",
    html: "<p>The finding is <b>benign</b>.</p>",
    attachments: [{ filename: "lab.csv", content: "a,b\n1,2\n" }],
  });

  expect(answer.code).toBe(250);
  const message = await readNewest(stack, bob);
  expect(message.header).toMatchObject({
    subject: "Your results",
    from: { name: "Ann Archer", address: ann },
    to: [{ name: "Bob", address: bob }],
    attachmentCount: 1,
  });
  expect(message.body.text).toContain("The finding is benign.");
  expect(message.body.attachments).toMatchObject([{ part: 1, name: "lab.csv", size: 8 }]);
  expect(message.controls).toMatchObject({ print: false, reply: true });
  expect((await readNewest(stack, ann)).header.subject).toBe("Your results");
  expect(await deliveriesOf(superuser, ann)).toMatchObject([
    { address: bob, kind: "to", channel: "sealed", sealed: true },
    { address: ann, kind: "sender", channel: "sealed", sealed: true },
  ]);
});

test("Ann writes together with somebody outside: Bob's list names Ann, who sent it", async () => {
  const [ann, zoe, bob] = [insider("ann"), outsider("zoe"), outsider("bob")];
  const from = `Zoe <${zoe}>, Ann Archer <${ann}>`;

  await send(gateway.port, {
    envelope: { from: ann, to: bob },
    from,
    to: bob,
    subject: "[secure] x",
    text: "x",
  });

  expect((await readNewest(stack, bob)).header.from).toEqual({ name: "Ann Archer", address: ann });
});

test("a name that poses as somebody else's address, or as a link, is not shown as Ann's", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];

  for (const name of ["ceo\uff20acme.example", "Verify at https://evil.example", "www.evil.example"]) {
    const from = `"${name}" <${ann}>`;
    await send(gateway.port, {
      envelope: { from: ann, to: bob },
      from,
      to: bob,
      subject: `[secure] ${name}`,
      text: name,
    });

    expect((await readNewest(stack, bob)).header.from).toEqual({ name: "", address: ann });
  }
});

test("Dora, in Bcc, gets the message, and nobody's copy names her", async () => {
  const [ann, bob, carol, dora] = [insider("ann"), outsider("bob"), insider("carol"), outsider("dora")];

  await send(gateway.port, { from: ann, to: bob, cc: carol, bcc: dora, subject: "[secure] Plan", text: "x" });

  expect(await deliveriesOf(superuser, ann)).toMatchObject([
    { address: bob, kind: "to" },
    { address: carol, kind: "cc", channel: "mail", sealed: false },
    { address: dora, kind: "bcc", channel: "sealed" },
    { address: ann, kind: "sender" },
  ]);
  expect(JSON.stringify((await readNewest(stack, bob)).header)).not.toContain(dora);
  expect(JSON.stringify((await readNewest(stack, dora)).header)).not.toContain(dora);
  const copy = await eventually(
    () => caughtFor(stack, carol),
    (mails) => mails.length > 0,
  );
  expect(JSON.stringify(copy)).not.toContain(dora);
});

test("Carol, a colleague in Cc, gets ordinary mail with a banner that names Bob, and her delivery says so", async () => {
  const [ann, bob, carol] = [insider("ann"), outsider("bob"), insider("carol")];

  await send(gateway.port, { from: ann, to: bob, cc: carol, subject: "[secure] Plan", text: "Let us meet." });

  const [mail] = await eventually(
    () => caughtFor(stack, carol),
    (mails) => mails.length > 0,
  );
  expect(mail?.text).toContain("Let us meet.");
  expect(mail?.text).toContain(bob);
  expect(mail?.subject).toBe("[secure] Plan");
  await eventually(
    () =>
      ask(superuser, "select from public.deliveries where address = $1 and notified_at is not null", [carol]),
    (rows) => rows.length === 1,
  );
});

test("Carol uses the Message-ID of Ann's mail again: Ann's replies stay under Ann's definition, in Ann's thread", async () => {
  const [ann, bob, carol] = [insider("ann"), outsider("bob"), insider("carol")];
  const messageId = `<${crypto.randomUUID()}@acme.example>`;
  await send(gateway.port, { from: ann, to: bob, subject: "[secure 1-day] Plan", text: "Q?", messageId });
  await send(gateway.port, {
    from: carol,
    to: bob,
    subject: "[secure never-expires] x",
    text: "x",
    messageId,
  });

  await send(gateway.port, { from: ann, to: bob, subject: "Re: Plan", text: "A!", inReplyTo: messageId });

  const written = await ask<{ definition: string; thread_id: string }>(
    superuser,
    "select definition, thread_id from public.messages where owner_address = $1",
    [ann],
  );
  expect(written.map(({ definition }) => definition)).toEqual(["1-day", "1-day"]);
  expect(new Set(written.map((message) => message.thread_id)).size).toBe(1);
});

test("Carol's plain reply to all is secured, though it says nothing of security", async () => {
  const [ann, bob, carol] = [insider("ann"), outsider("bob"), insider("carol")];
  const messageId = `<${crypto.randomUUID()}@acme.example>`;
  await send(gateway.port, {
    from: ann,
    to: bob,
    cc: carol,
    subject: "[secure] Plan",
    text: "Q?",
    messageId,
  });

  await send(gateway.port, {
    from: carol,
    to: [ann, bob],
    subject: "Re: Plan",
    text: "A!",
    inReplyTo: messageId,
  });

  expect(await deliveriesOf(superuser, carol)).toMatchObject([
    { address: ann, channel: "mail" },
    { address: bob, channel: "sealed", sealed: true },
    { address: carol, kind: "sender" },
  ]);
  const threads = await ask<{ thread_id: string }>(
    superuser,
    "select distinct thread_id from public.messages where owner_address in ($1, $2)",
    [ann, carol],
  );
  expect(threads).toHaveLength(1);
  expect(await caughtFor(stack, bob)).toEqual([]);
});

test("a reply to an ordinary mail is not secured", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];

  await send(gateway.port, {
    from: ann,
    to: bob,
    subject: "Re: Lunch",
    text: "ok",
    inReplyTo: "<x@y.example>",
  });

  expect(await deliveriesOf(superuser, ann)).toEqual([]);
  expect(await caughtFor(stack, bob)).toHaveLength(1);
});

test("the same mail again, and its other half in another transaction, add only what is missing", async () => {
  const [ann, bob, dora] = [insider("ann"), outsider("bob"), outsider("dora")];
  const mail = {
    from: ann,
    to: [bob, dora],
    subject: "[secure] Once",
    text: "x",
    messageId: `<${crypto.randomUUID()}@acme.example>`,
    date: new Date(0),
  };
  const half = (to: string) => send(gateway.port, { ...mail, envelope: { from: ann, to } });

  const answers = [await half(bob), await half(bob), await half(dora.toUpperCase()), await half(dora)];

  expect(answers.map(({ code }) => code)).toEqual([250, 250, 250, 250]);
  const deliveries = await deliveriesOf(superuser, ann);
  expect(deliveries.map(({ address }) => address).sort()).toEqual([ann, bob, dora].sort());
});

test("twenty arrivals of one mail at the same time, to people nobody knew, are one message", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const mail = {
    from: ann,
    to: bob,
    subject: "[secure] Race",
    text: "x",
    messageId: `<${ann}>`,
    date: new Date(0),
  };

  const answers = await Promise.all(Array.from({ length: 20 }, () => send(gateway.port, mail)));

  expect(answers.map(({ code }) => code)).toEqual(Array.from({ length: 20 }, () => 250));
  expect(await deliveriesOf(superuser, ann)).toHaveLength(2);
});

test("a life beyond what the organisation allows is refused with the longest that is allowed", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];

  const refused = await send(gateway.port, { from: ann, to: bob, subject: "[secure 400d] x", text: "x" });
  const taken = await send(gateway.port, { from: ann, to: bob, subject: "[secure 365d] x", text: "x" });

  expect(refused.code).toBe(550);
  expect(refused.text).toContain("365d");
  expect(taken.code).toBe(250);
});

test("a public key that somebody swapped in the database is noticed, and nothing is sealed to it", async () => {
  const [ann, zoe, bob] = [insider("ann"), insider("zoe"), outsider("bob")];
  await send(gateway.port, { from: ann, to: bob, subject: "[secure] before", text: "x" });
  await ask(
    superuser,
    "update public.mailboxes b set public_key = a.public_key from public.accounts a where b.address = $1 and a.address = $2",
    [bob, ann],
  );
  const other = await startGatewayProcess(stack); // has not kept Bob's true key

  const answer = await send(other.port, { from: zoe, to: bob, subject: "[secure] after", text: "x" });
  await other.stop();

  expect(answer.code).toBe(451);
  expect(await deliveriesOf(superuser, zoe)).toEqual([]);
  expect(other.lines.join("\n")).toContain("not the one that this deployment attested");
});

test("an expired message loses its keys and content, and its tombstone stays", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  await send(gateway.port, { from: ann, to: bob, subject: "[secure 12h] x", text: "x" });
  await ask(
    superuser,
    "update public.messages set expires_at = created_at + interval '1 ms' where owner_address = $1",
    [ann],
  );

  await ask(stack.databaseUrls.gateway, "select private.expire_due(1000)");

  expect(await deliveriesOf(superuser, ann)).toMatchObject([{ sealed: false }, { sealed: false }]);
  await expect(readNewest(stack, bob)).rejects.toThrow("has no message");
});
