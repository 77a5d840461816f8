import { once } from "node:events";
import { afterEach, expect, inject, test, vi } from "vitest";
import { deliveriesOf, eventually, insider, outsider, send } from "./testing/correspondence.ts";
import { startCutProxy } from "./testing/cut-proxy.ts";
import { type GatewayProcess, gatewayEnv, runToEnd, startGatewayProcess } from "./testing/gateway-process.ts";
import { talk } from "./testing/smtp-talk.ts";

const stack = inject("stack");
const { superuser, gateway: databaseUrl } = stack.databaseUrls;
vi.setConfig({ testTimeout: 90_000 }); // most of it is starting gateways

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(own: Record<string, string> = {}): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(stack, own);
  cleanups.push(gateway.kill);
  return gateway;
}

async function wire() {
  const proxy = await startCutProxy(databaseUrl);
  cleanups.push(proxy.stop);
  return proxy;
}

const letter = () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const messageId = `<${crypto.randomUUID()}@acme.example>`;
  return {
    ann,
    bob,
    mail: { from: ann, to: bob, subject: "[secure] x", text: "x", messageId, date: new Date(0) },
  };
};

test("while the database is away Ann is asked to try again, and then her mail is stored once", async () => {
  const proxy = await wire();
  const gateway = await start({ SEALPOST_DATABASE_URL: proxy.url });
  const { ann, mail } = letter();

  proxy.cut();
  const away = await send(gateway.port, mail);
  proxy.mend();
  const back = await send(gateway.port, mail);

  expect(away).toMatchObject({ code: 451, text: expect.stringMatching(/^4\.3\.0 /) });
  expect(back.code).toBe(250);
  expect(await deliveriesOf(superuser, ann)).toHaveLength(2);
});

test("a gateway that dies after commit and before its answer leaves a mail that the retry meets", async () => {
  const proxy = await wire();
  const first = await start({ SEALPOST_DATABASE_URL: proxy.url });
  const { ann, bob, mail } = letter();
  for (const messageId of ["<1@x.example>", "<2@x.example>"]) await send(first.port, { ...mail, messageId }); // keys are kept now

  proxy.holdAnswers();
  const unanswered = send(first.port, mail);
  await eventually(
    () => deliveriesOf(superuser, ann),
    (deliveries) => deliveries.length === 6,
  );
  await first.kill();
  expect((await unanswered).code).toBe(0);
  const second = await start();
  const retried = await send(second.port, mail);

  expect(retried.code).toBe(250);
  const deliveries = await deliveriesOf(superuser, ann);
  expect(deliveries.map(({ address }) => address)).toEqual([bob, bob, bob, ann, ann, ann]);
});

test("a gateway that is asked to end finishes the mail that it is at, and hangs up on the others", async () => {
  const gateway = await start();
  const { ann, bob, mail } = letter();
  const [busy, idle] = [await talk(gateway.port), await talk(gateway.port)];
  await busy.say(`MAIL FROM:<${ann}>\r\nRCPT TO:<${bob}>\r\nDATA\r\nFrom: ${ann}\r\n`, 3);

  const ended = gateway.stop();
  const [goodbye] = await idle.say("");
  const [answer] = await busy.say("Subject: [secure] last\r\n\r\nx\r\n.\r\n");

  expect(goodbye).toMatch(/^421 /);
  expect(answer).toMatch(/^250 /);
  expect(await ended).toBe(0);
  expect(await deliveriesOf(superuser, ann)).toHaveLength(2);
  expect((await send(gateway.port, mail)).code).toBe(0);
});

test("a gateway ends when whoever started it is gone", async () => {
  const gateway = await start();
  const exited = once(gateway.child, "exit");

  gateway.child.stdin?.end();

  expect((await exited)[0]).toBe(0);
});

test("a gateway takes no mail before it knows the organisation, and says so in /healthz", async () => {
  const proxy = await wire();
  proxy.cut();
  const gateway = await start({ SEALPOST_DATABASE_URL: proxy.url });
  const health = () => fetch(`http://127.0.0.1:${gateway.healthPort}/healthz`);
  const { mail } = letter();

  expect((await send(gateway.port, mail)).code).toBe(451);
  expect((await health()).status).toBe(503);
  proxy.mend();
  await eventually(
    async () => (await health()).status,
    (status) => status === 200,
  );
  expect((await send(gateway.port, mail)).code).toBe(250);
});

test("while Storage is away a mail with a large attachment has to come again, and one without is taken", async () => {
  const gateway = await start({ SUPABASE_URL: "http://127.0.0.1:9" });
  const { ann, mail } = letter();

  const large = await send(gateway.port, {
    ...mail,
    attachments: [{ filename: "a", content: Buffer.alloc(1_500_000) }],
  });
  expect(large).toMatchObject({ code: 451 });
  expect(await deliveriesOf(superuser, ann)).toEqual([]);
  expect((await send(gateway.port, mail)).code).toBe(250);
});

test("a gateway with wrong settings says everything that is wrong, and ends", async () => {
  const env = gatewayEnv(stack, {
    SEALPOST_MAC_KEY: "short",
    SEALPOST_NEXT_HOP: "http://x",
    SEALPOST_SMTP_HOST: "0.0.0.0",
  });

  const { code, said } = await runToEnd(env);

  expect(code).toBe(1);
  expect(said.join("\n")).toMatch(/SEALPOST_SMTP_HOST.*\n.*SEALPOST_NEXT_HOP.*\n.*SEALPOST_MAC_KEY/);
  expect(said.join("\n")).not.toContain("short");
});

test("a port in use is one sentence", async () => {
  const gateway = await start();

  const { code, said } = await runToEnd(gatewayEnv(stack, { SEALPOST_SMTP_PORT: String(gateway.port) }));

  expect(code).toBe(1);
  expect(said).toEqual([expect.stringContaining(`Port ${gateway.port}`)]);
});
