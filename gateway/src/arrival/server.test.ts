import { setTimeout as delay } from "node:timers/promises";
import { OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import { afterEach, expect, test } from "vitest";
import { isLoopback, type Networks } from "../config/networks.ts";
import type { Organisation } from "../organisation/organisation.ts";
import { talk } from "../testing/smtp-talk.ts";
import { accepted } from "./answer.ts";
import type { Arrived } from "./arrived.ts";
import { type Memory, makeMemory } from "./memory.ts";
import { makeSmtpServer } from "./server.ts";

const definition = {
  name: "usual",
  controls: OPEN_CONTROLS,
  expiresAfterMs: null,
  sealsForEverybody: false,
  tellsSender: false,
  label: null,
};
const acme: Organisation = {
  name: "Acme",
  domains: new Set(["acme.example"]),
  definitions: [definition],
  defaultDefinition: definition,
  confidentialDefinition: null,
  reviewMs: 1,
  maximumLifeMs: null,
  inlineAttachmentBytes: 0,
};
const loopback = { contains: isLoopback };
const nobody = { contains: () => false };
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A server whose mails are passed on as the test says. */
async function serve(
  memory: Memory,
  passMail: (arrived: Arrived) => Promise<void> = async () => {},
  trusted: Networks = loopback,
) {
  const arrived: Arrived[] = [];
  const server = makeSmtpServer({
    organisation: () => acme,
    passMail: async (mail) => {
      arrived.push(mail);
      await passMail(mail);
      return accepted("Taken");
    },
    memory,
    hostname: "mx.acme.example",
    noticeDomain: "sealpost.acme.example",
    entrance: {
      trusted,
      proxies: nobody,
      limits: { connections: 9, mailsAMinute: 3, recipientsAnHour: 2 },
    },
    signIn: async ({ login }) => ({ kind: "signed-in", credential: { allowed_addresses: [login] } }),
    certificate: null,
    newMailId: () => "id",
    now: () => 0,
    log: () => {},
  });
  cleanups.push(server.drain);
  return { port: await server.listen({ smtpHost: "127.0.0.1", smtpPort: 0, smtpsPort: null }), arrived };
}

const envelope = "MAIL FROM:<ann@acme.example>\r\nRCPT TO:<bob@elsewhere.example>\r\nDATA\r\n";

test("a trusted client is greeted without smtp-server's wait of 100 ms", async () => {
  const { port } = await serve(makeMemory(1_000_000));
  const times: number[] = [];

  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    (await talk(port)).end();
    times.push(performance.now() - started);
  }

  expect(Math.min(...times)).toBeLessThan(90);
});

test("one pipelined burst brings two whole mails, in order, as they were written", async () => {
  const { port, arrived } = await serve(makeMemory(1_000_000));
  const client = await talk(port);
  await client.say(envelope, 3);

  const answers = await client.say(`Subject: 1\r\n\r\n..a\r\n.\r\n${envelope}`, 4);
  const [last] = await client.say("Subject: 2\r\n\r\n.\r\n");
  client.end();

  expect(answers[0]).toBe("250 2.0.0 Taken");
  expect(last).toBe("250 2.0.0 Taken");
  expect(arrived.map(({ raw }) => raw.toString())).toEqual([
    "Subject: 1\r\n\r\n.a\r\n",
    "Subject: 2\r\n\r\n",
  ]);
});

test("while too much mail is held at one time another one is asked to come again, and later it is taken", async () => {
  const memory = makeMemory(2_000);
  const release = Promise.withResolvers<void>();
  const { port } = await serve(memory, () => release.promise);
  const mail = `Subject: x\r\n\r\n${"x".repeat(1_500)}\r\n.\r\n`;
  const [first, second] = [await talk(port), await talk(port)];
  await first.say(envelope, 3);
  await second.say(envelope, 3);

  const held = first.say(mail);
  while (memory.held() === 0) await delay(1);
  const [refused] = await second.say(mail);
  release.resolve();

  expect(refused).toMatch(/^452 4\.3\.1 /);
  expect((await held)[0]).toMatch(/^250 /);
  await second.say(envelope, 3);
  expect((await second.say(mail))[0]).toMatch(/^250 /);
  expect(memory.held()).toBe(0);
  first.end();
  second.end();
});

test("a client that hangs up within a mail leaves nothing held, and nothing is passed on", async () => {
  const memory = makeMemory(1_000_000);
  const { port, arrived } = await serve(memory);
  const client = await talk(port);
  await client.say(`${envelope}Subject: half`, 3);
  while (memory.held() === 0) await delay(1);

  client.end();

  while (memory.held() > 0) await delay(1);
  expect(arrived).toEqual([]);
});

test("a sender who signed in gets so many recipients in an hour, a client so many mails in a minute, and both are told to wait", async () => {
  const { port } = await serve(makeMemory(1_000_000), undefined, nobody);
  const client = await talk(port);
  const token = Buffer.from("\0ann@acme.example\0secret").toString("base64");
  await client.say(`AUTH PLAIN ${token}\r\n`);
  const from = "MAIL FROM:<ann@acme.example>\r\n";
  const to = "RCPT TO:<bob@elsewhere.example>\r\n";

  const recipients = await client.say(
    `${from}${to}${to.replace("bob", "bea")}${to.replace("bob", "ben")}RSET\r\n`,
    5,
  );
  const mails = await client.say(`${from}RSET\r\n${from}RSET\r\n${from}`, 5);

  expect(recipients.map((line) => line.slice(0, 9))).toEqual([
    "250 2.1.0",
    "250 2.1.5",
    "250 2.1.5",
    "452 4.5.3",
    "250 2.0.0",
  ]);
  expect(mails.map((line) => line.slice(0, 9))).toEqual([
    "250 2.1.0",
    "250 2.0.0",
    "250 2.1.0",
    "250 2.0.0",
    "450 4.7.1",
  ]);
  client.end();
});

test("a client in a trusted network is not counted", async () => {
  const { port } = await serve(makeMemory(1_000_000));
  const client = await talk(port);

  for (let i = 0; i < 5; i++) {
    const answers = await client.say(`${envelope.replace("DATA\r\n", "")}RSET\r\n`, 3);
    expect(answers.every((line) => line.startsWith("250 "))).toBe(true);
  }
  client.end();
});
