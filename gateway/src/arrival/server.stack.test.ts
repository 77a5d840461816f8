import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { deliveriesOf, insider, outsider, send } from "../testing/correspondence.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { startNextHop, type TestNextHop } from "../testing/next-hop.ts";
import { readNewest } from "../testing/reader.ts";
import { talk } from "../testing/smtp-talk.ts";
import { largestMail, mostRecipients } from "./limits.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
let gateway: GatewayProcess;
let nextHop: TestNextHop;

beforeAll(async () => {
  nextHop = await startNextHop();
  gateway = await startGatewayProcess(stack, { SEALPOST_NEXT_HOP: nextHop.url });
});
afterAll(async () => {
  await gateway.stop();
  await nextHop.stop();
});

const takenFrom = (sender: string) => nextHop.taken.filter(({ from }) => from === sender);

test("a client is told what it may use", async () => {
  const client = await talk(gateway.port);

  expect(client.features).toEqual(
    expect.arrayContaining([
      "PIPELINING",
      "8BITMIME",
      "SMTPUTF8",
      "ENHANCEDSTATUSCODES",
      `SIZE ${largestMail}`,
    ]),
  );
  expect(client.features.join()).not.toMatch(/STARTTLS/);
  client.end();
});

test("Eve, who is not of the organisation, cannot send through the gateway", async () => {
  const answer = await send(gateway.port, {
    from: "eve@evil.example",
    to: insider("ann"),
    subject: "x",
    text: "x",
  });

  expect(answer).toMatchObject({ code: 550, text: expect.stringMatching(/^5\.7\.1 /) });
});

test("Eve's bounce reaches nobody outside, and Ann's own does reach her", async () => {
  const bounce = (to: string) =>
    send(gateway.port, { envelope: { from: "", to }, from: "a@b.example", text: "x" });
  const before = nextHop.taken.length;

  expect((await bounce(outsider("bob"))).code).toBe(550);
  expect((await bounce(insider("ann"))).code).toBe(250);
  expect(nextHop.taken.length).toBe(before + 1);
});

test("Ann cannot write in the name of her colleague Carol, secured or not", async () => {
  const [ann, carol, bob] = [insider("ann"), insider("carol"), outsider("bob")];
  const forge = (subject: string, from: string) =>
    send(gateway.port, { envelope: { from: ann, to: bob }, from, to: bob, subject, text: "x" });

  expect(await forge("Plan", carol)).toMatchObject({
    code: 550,
    text: expect.stringMatching(/^5\.7\.1 From says/),
  });
  expect((await forge("[secure] Plan", carol)).code).toBe(550);
  expect((await forge("[secure] Plan", outsider("forwarded"))).code).toBe(550);
  for (const from of [`${carol}, ${ann}`, `${ann}, Carol <${carol}>`, `${carol}.`]) {
    expect([(await forge("Plan", from)).code, (await forge("[secure] Plan", from)).code]).toEqual([550, 550]);
  }
  expect((await forge("Plan", ann)).code).toBe(250);
  expect(await deliveriesOf(superuser, carol)).toEqual([]);
});

test("a typing error in the tag refuses the mail and lists what is known", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];

  const answer = await send(gateway.port, { from: ann, to: bob, subject: "[secure no-pirnt] x", text: "x" });

  expect(answer.code).toBe(550);
  expect(answer.text).toMatch(/no-pirnt.*no-print.*board-papers|no-pirnt.*no-print/);
  expect(takenFrom(ann)).toEqual([]);
});

test("an oversized mail is refused by what it declares", async () => {
  const client = await talk(gateway.port);

  const [answer] = await client.say(`MAIL FROM:<${insider("ann")}> SIZE=${largestMail + 1}\r\n`);

  expect(answer).toMatch(/^552 5\.3\.4 /);
  client.end();
});

test("an oversized mail is refused by what was received, and the next mail of that client is taken", async () => {
  const ann = insider("ann");
  const client = await talk(gateway.port);
  await client.say(`MAIL FROM:<${ann}>\r\nRCPT TO:<${insider("carol")}>\r\nDATA\r\n`, 3);

  const line = Buffer.from(`${"x".repeat(998)}\r\n`);
  const body = Buffer.concat(Array.from({ length: Math.ceil(largestMail / 1_000) + 1 }, () => line));
  const [answer] = await client.say(Buffer.concat([body, Buffer.from(".\r\n")]));
  const next = await client.say(`MAIL FROM:<${ann}>\r\nRCPT TO:<${insider("carol")}>\r\nDATA\r\n`, 3);
  const [taken] = await client.say("Subject: small\r\n\r\nx\r\n.\r\n");

  expect(answer).toMatch(/^552 5\.3\.4 /);
  expect(next[2]).toMatch(/^354 /);
  expect(taken).toMatch(/^250 /);
  client.end();
});

test("the thousandth recipient is taken, the next one is asked to come in another mail", async () => {
  const client = await talk(gateway.port);
  const recipients = Array.from(
    { length: mostRecipients + 1 },
    (_, i) => `RCPT TO:<p${i}@elsewhere.example>\r\n`,
  );

  const answers = await client.say(
    `MAIL FROM:<${insider("ann")}>\r\n${recipients.join("")}`,
    mostRecipients + 2,
  );

  expect(answers.at(-2)).toMatch(/^250 2\.1\.5 /);
  expect(answers.at(-1)).toMatch(/^452 4\.5\.3 /);
  client.end();
});

test("ordinary mail goes to the next hop with a trace on top and without triggers, and its answer comes back", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];

  const answer = await send(gateway.port, { from: ann, to: bob, subject: "Lunch", text: "at noon" });

  expect(answer).toEqual({ code: 250, text: "2.6.0 queued by the next hop as 4711" });
  const [mail] = takenFrom(ann);
  expect(mail?.to).toEqual([bob]);
  expect(mail?.mail).toMatch(
    /^Received: from \S+ \(\[127\.0\.0\.1\]\) by .* \(Sealpost\) with ESMTP id \w+; .*\r\n/,
  );
});

test("what the next hop refuses is refused with its words; who it refuses among several is told to Ann", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const mail = { from: ann, subject: "x", text: "x" };

  expect(await send(gateway.port, { ...mail, to: "nobody@elsewhere.example" })).toMatchObject({
    code: 550,
    text: expect.stringContaining("no such user here"),
  });
  expect((await send(gateway.port, { ...mail, to: "later@elsewhere.example" })).code).toBe(451);
  expect((await send(gateway.port, { ...mail, to: bob, text: "virus" })).code).toBe(554);
  expect((await send(gateway.port, { ...mail, to: [bob, "nobody@elsewhere.example"] })).code).toBe(250);

  expect(takenFrom(ann).map(({ to }) => to)).toEqual([[bob]]);
  const bounce = takenFrom("").find(({ to }) => to.includes(ann));
  expect(bounce?.mail).toMatch(/multipart\/report[\s\S]*Final-Recipient: rfc822; nobody@elsewhere\.example/);
});

test("international addresses and headers are handed on as such", async () => {
  const client = await talk(gateway.port);
  const ann = insider("änn");

  await client.say(
    `MAIL FROM:<${ann}> SMTPUTF8 BODY=8BITMIME\r\nRCPT TO:<bob@bücher.example>\r\nDATA\r\n`,
    3,
  );
  const [answer] = await client.say(`From: <${ann}>\r\nSubject: Grüße\r\n\r\nSchön\r\n.\r\n`);

  expect(answer).toMatch(/^250 /);
  expect(takenFrom(ann)).toMatchObject([{ args: { SMTPUTF8: true, BODY: "8BITMIME" } }]);
  client.end();
});

test("a mail that goes in circles is stopped", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const received = Array.from({ length: 51 }, (_, i) => ({ key: "Received", value: `from a by b${i}` }));

  const answer = await send(gateway.port, { from: ann, to: bob, subject: "x", text: "x", headers: received });

  expect(answer).toMatchObject({ code: 554, text: expect.stringMatching(/^5\.4\.6 /) });
});

test("a mail of broken MIME is stored readable", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const raw = `From: ${ann}\r\nTo: ${bob}\r\nSubject: [secure] =?utf-8?B?broken\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x\r\n\r\nstill here\r\n`;

  const answer = await send(gateway.port, { envelope: { from: ann, to: bob }, raw });

  expect(answer.code).toBe(250);
  expect(JSON.stringify((await readNewest(stack, bob)).body)).toContain("still here");
});

test("a hundred thousand stuffed dots arrive as they were meant, soon", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const client = await talk(gateway.port);
  await client.say(`MAIL FROM:<${ann}>\r\nRCPT TO:<${bob}>\r\nDATA\r\n`, 3);

  const text = `${".dot\n".repeat(100_000)}end`;
  const stuffed = text.replaceAll(/^\./gm, "..").replaceAll("\n", "\r\n");
  const [answer] = await client.say(`From: ${ann}\r\nSubject: [secure] dots\r\n\r\n${stuffed}\r\n.\r\n`);

  expect(answer).toMatch(/^250 /);
  expect((await readNewest(stack, bob)).body.text?.trim()).toBe(text);
  client.end();
});

test.runIf(existsSync("/usr/bin/curl"))("curl, as the README shows it, sends a secure mail", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const folder = await mkdtemp(join(tmpdir(), "sealpost-curl-"));
  const file = join(folder, "mail.eml");
  await writeFile(file, `From: ${ann}\nTo: ${bob}\nSubject: [secure] By curl\n\nHello\n`);

  await promisify(execFile)("/usr/bin/curl", [
    ...["-sS", "--crlf", `smtp://127.0.0.1:${gateway.port}`],
    ...["--mail-from", ann, "--mail-rcpt", bob, "--upload-file", file],
  ]);
  await rm(folder, { recursive: true });

  expect((await readNewest(stack, bob)).header.subject).toBe("By curl");
});
