import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask, deliveriesOf, eventually, insider, outsider, send } from "../testing/correspondence.ts";
import { startCutProxy } from "../testing/cut-proxy.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { caughtFor, lettersTo } from "../testing/mail-catcher.ts";
import { addDictionary, addPolicies, addPolicy, verdictsAbout } from "../testing/policies.ts";
import { readNewest } from "../testing/reader.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
const explain = fileURLToPath(new URL("../explain/main.ts", import.meta.url));
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess(stack, { SEALPOST_PORTAL_URL: "https://secure.acme.example" });
});
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
});

/** Adds policies for mails of these people alone, and resolves when the gateway judges by them. */
async function enforce(...policies: Parameters<typeof addPolicies>[1]): Promise<string[]> {
  return await addPolicies(superuser, policies, (probe) => isRefused(probe));
}

async function isRefused(from: string): Promise<boolean> {
  const answer = await send(gateway.port, { from, to: outsider("probe"), subject: "Probe", text: "x" });
  return answer.code === 550;
}

test.concurrent("Ann writes of a secret project in the body: her mail is secured, and the log says which rule, where, how much, not which words", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const dictionary = await addDictionary(superuser, { score: 5 }, ['5 "project falcon"', '1 "weather"']);
  const [name] = await enforce({ from: ann, dictionary });

  const answer = await send(gateway.port, {
    from: ann,
    to: bob,
    subject: "News",
    text: "Project  FALCON flies.",
  });

  expect(answer).toMatchObject({ code: 250, text: expect.stringContaining("Secured") });
  expect((await readNewest(stack, bob)).body.text).toContain("FALCON");
  expect(await caughtFor(stack, bob)).toEqual([]);
  const log = await ask<{ score: number }>(
    superuser,
    "select * from public.message_log where sender = $1 and recipient = $2",
    [ann, bob],
  );
  expect(log).toMatchObject([
    { verdict: "secured", because: "policy", policy: name, component: "body", score: 5 },
  ]);
  expect(JSON.stringify(log).toLowerCase()).not.toContain("falcon");
});

test.concurrent("what Ann writes of the weather alone goes out as ordinary mail", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const dictionary = await addDictionary(superuser, { score: 5 }, ['5 "project falcon"', '1 "weather"']);
  await enforce({ from: ann, dictionary });

  await send(gateway.port, { from: ann, to: bob, subject: "News", text: "The weather is fine." });

  expect(await deliveriesOf(superuser, ann)).toEqual([]);
  expect(await caughtFor(stack, bob)).toHaveLength(1);
});

test.concurrent("a card number in an attachment is refused with the rule, the place and the administrator's words, and leaves a line", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const dictionary = await addDictionary(superuser, { score: 1 }, ['1 regex,cardnumber "\\b\\d{13,19}\\b"']);
  const tell = "Remove the card numbers, or ask Treasury.";
  const [name] = await enforce({ from: ann, dictionary, action: "refuse", tell_sender: tell });
  const attachment = (content: string) => [{ filename: "list.csv", content }];
  const mail = { from: ann, to: bob, subject: "List", text: "See the list." };

  const refused = await send(gateway.port, { ...mail, attachments: attachment("Ann,4539578763621486\n") });
  const relayed = await send(gateway.port, { ...mail, attachments: attachment("Ann,4539578763621487\n") });

  expect(refused.code).toBe(550);
  expect(refused.text).toContain(tell);
  expect(refused.text).toContain(`"${name}"`);
  expect(refused.text).toContain("attachment 1");
  expect(relayed.code).toBe(250);
  expect(await caughtFor(stack, bob)).toHaveLength(1);
  expect(await verdictsAbout(superuser, ann)).toMatchObject([
    { verdict: "refused", dry_run: false, policy: name, component: "attachment 1", score: 1 },
  ]);
});

test.concurrent("a late refusal outranks an early, broader rule that secures", async () => {
  const [ann, bob, eve] = [insider("ann"), outsider("bob"), outsider("eve")];
  await enforce(
    { from: ann, position: 1 },
    { from: ann, position: 99, action: "refuse", to_kind: "address", to_value: eve },
  );
  const mail = { from: ann, subject: "x", text: "x" };

  const both = await send(gateway.port, { ...mail, to: [bob, eve] });
  const bobAlone = await send(gateway.port, { ...mail, to: bob });

  expect(both.code).toBe(550);
  expect(bobAlone.text).toContain("Secured");
});

test.concurrent("a rule on trial is logged and does nothing", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const [name] = await enforce({ from: ann, action: "refuse", dry_run: true });

  const answer = await send(gateway.port, { from: ann, to: bob, subject: "x", text: "x" });

  expect(answer.code).toBe(250);
  expect(await caughtFor(stack, bob)).toHaveLength(1);
  expect(await verdictsAbout(superuser, ann)).toMatchObject([
    { verdict: "refused", dry_run: true, policy: name, recipients: [bob] },
  ]);
});

test.concurrent("Ann's tag secures what a rule would relay, and shortens what a rule secures, but lengthens nothing", async () => {
  const [ann, zoe, bob] = [insider("ann"), insider("zoe"), outsider("bob")];
  await enforce({ from: ann, action: "relay" }, { from: zoe, definition: "7-days" });
  const lives = async (sender: string) =>
    await ask<{ days: number }>(
      superuser,
      `select round(extract(epoch from expires_at - created_at) / 86400)::integer as days from public.messages
       where owner_address = $1 order by created_at`,
      [sender],
    );

  await send(gateway.port, { from: ann, to: bob, subject: "plain", text: "x" });
  await send(gateway.port, { from: ann, to: bob, subject: "[secure] mine", text: "x" });
  await send(gateway.port, { from: zoe, to: bob, subject: "[secure 60d] long", text: "x" });
  await send(gateway.port, { from: zoe, to: bob, subject: "[secure 1d] short", text: "x" });

  expect(await caughtFor(stack, bob)).toHaveLength(1);
  expect(await lives(ann)).toHaveLength(1);
  expect(await lives(zoe)).toEqual([{ days: 7 }, { days: 1 }]);
});

test.concurrent("where the definition says so, Ann gets a letter: secured, why, and where to track it", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const definition = `told-${ann.slice(4, 14)}`;
  await ask(superuser, "insert into public.definitions (name, tell_sender_secured) values ($1, true)", [
    definition,
  ]);
  const [name] = await enforce({ from: ann, definition });

  await send(gateway.port, { from: ann, to: bob, subject: "Salaries", text: "x", messageId: `<${ann}>` });

  const [letter] = await eventually(
    () => lettersTo(stack, ann),
    (letters) => letters.length > 0,
  );
  const [own] = await ask<{ id: string }>(
    superuser,
    "select id from public.deliveries where address = $1 and kind = 'sender'",
    [ann],
  );
  expect(letter?.subject).toBe("Secured: Salaries");
  expect(letter?.text).toContain(`rule "${name}"`);
  expect(letter?.text).toContain(`https://secure.acme.example/m/${own?.id}`);
  expect(letter?.headers).toMatchObject({ "auto-submitted": "auto-replied", "in-reply-to": `<${ann}>` });
});

test.concurrent("explain asks the running database, and names the rule", async () => {
  const ann = insider("ann");
  const name = await addPolicy(superuser, { from: ann, action: "refuse" });
  const mail = join(tmpdir(), `${ann}.eml`);
  await writeFile(mail, `From: ${ann}\r\nTo: bob@elsewhere.example\r\nSubject: x\r\n\r\nHello\r\n`);

  const { stdout } = await promisify(execFile)(process.execPath, [explain, mail], {
    env: { SEALPOST_DATABASE_URL: stack.databaseUrls.gateway },
  });
  await rm(mail);

  expect(stdout).toContain(`Verdict: refuse, because of policy "${name}"`);
});

test.concurrent("a refusal that cannot be logged is no refusal yet: while the database is away the mail has to come again", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  await enforce({ from: ann, action: "refuse" });
  const wire = await startCutProxy(stack.databaseUrls.gateway);
  const apart = await startGatewayProcess(stack, { SEALPOST_DATABASE_URL: wire.url });
  const tries = () => send(apart.port, { from: ann, to: bob, subject: "x", text: "x" });

  wire.cut();
  const away = await tries();
  wire.mend();
  const back = await tries();
  await apart.stop();
  await wire.stop();

  expect([away.code, back.code]).toEqual([451, 550]);
  expect(await verdictsAbout(superuser, ann)).toHaveLength(1);
});

test("a change in the dashboard reaches the running gateway within five seconds", async () => {
  const ann = insider("ann");
  await enforce();
  const name = await addPolicy(superuser, { from: ann, action: "refuse" });
  const began = performance.now();

  await eventually(
    () => isRefused(ann),
    (refused) => refused,
  );
  const addedMs = performance.now() - began;
  await ask(superuser, "update public.policies set enabled = false where name = $1", [name]);
  const disabledAt = performance.now();
  await eventually(
    () => isRefused(ann),
    (refused) => !refused,
  );

  expect(addedMs).toBeLessThan(5_000);
  expect(performance.now() - disabledAt).toBeLessThan(5_000);
});
