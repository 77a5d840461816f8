/**
 * Writing in the built portal, in a real Chromium: answers, new messages, files, what was refused, and reviews.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildPortal } from "../build/portal.ts";
import { openBrowser } from "./chromium.ts";
import { type MailToStore, makePerson, makeSigningKey, storeMail } from "./deployment.ts";
import { makeGateway, type PortalMailGateway } from "./portal-mail-gateway.ts";
import { serve, type TestServer, type World } from "./server.ts";

const PASSWORD = "harbour violin marmalade";
const PATIENCE = 120_000;
const ANN = { name: "Ann Lee", address: "ann@acme.example" };
const CAROL = { name: "Carol Diaz", address: "carol@acme.example" };
const BOB = { name: "Bob Marsh", address: "bob@example.org" };
const TALL = { width: 390, height: 844 };

let browser: Browser;
let dist: string;
let world: World;
let gateway: PortalMailGateway;
let server: TestServer;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), "sealpost-compose-"));
  await buildPortal(dist);
  browser = await openBrowser();
  const signing = await makeSigningKey();
  const person = await makePerson(signing, { ...BOB, password: PASSWORD, status: "active" });
  world = { dist, signing, person, mails: [] };
  server = await serve(world);
}, PATIENCE);

beforeEach(async () => {
  gateway = await makeGateway(world.person);
  world.gateway = gateway;
  world.mails = [];
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  delete world.failing;
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(dist, { recursive: true, force: true });
});

async function stored(mail: Partial<MailToStore> = {}) {
  const ordinary = { from: ANN, to: [BOB, CAROL], subject: "Your results", storedAt: Date.now() };
  const kept = await storeMail(world.signing, world.person, { ...ordinary, text: "All is well.", ...mail });
  world.mails.push(kept);
  return kept;
}

async function signedIn(path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: TALL, serviceWorkers: "block" });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(server.url + path);
  await unlock(page);
  return page;
}

async function unlock(page: Page): Promise<void> {
  const address = page.getByLabel("E-mail address");
  const password = page.getByLabel("Password", { exact: true });
  await address.or(password).first().waitFor();
  if (await address.isVisible()) {
    await address.fill(BOB.address);
    await page.getByRole("button", { name: "Next" }).click();
  }
  await password.fill(PASSWORD);
  await password.press("Enter");
}

async function complaints(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

test("Bob answers Ann by keyboard: quoted, on its way in Sent, and gone from there once it was sent", {
  timeout: PATIENCE,
}, async () => {
  const mail = await stored();
  const page = await signedIn(`/m/${mail.row.delivery_id}`);
  await button(page, "Reply").press("Enter");
  await page.getByRole("heading", { name: "Reply" }).waitFor();
  const text = page.getByLabel("Message", { exact: true });
  await expect.poll(() => text.evaluate((area) => area === document.activeElement)).toBe(true);
  expect(await text.inputValue()).toMatch(/^\n\nOn .*, Ann Lee wrote:\n> All is well\.\n$/);
  await page.keyboard.type("Good news.");
  expect(await complaints(page)).toEqual([]);

  await button(page, "Send").press("Enter");

  await page.getByText("Sending…").waitFor();
  await expect.poll(() => gateway.arrived.length).toBe(1);
  expect(gateway.arrived[0]?.mail).toMatchObject({
    ...{ kind: "reply", inReplyTo: mail.row.message_id, to: [ANN], cc: [], subject: "Re: Your results" },
    text: expect.stringMatching(/^Good news\.\n\nOn /),
  });
  expect(await complaints(page)).toEqual([]);
  gateway.settle("sent", null);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.getByText("Sending…").waitFor({ state: "detached" });
  await page.getByText("Nothing here.").waitFor();
});

test("Reply all goes to everybody but Bob; where Ann forbids it, it says so and does nothing", {
  timeout: PATIENCE,
}, async () => {
  const open = await stored();
  const closed = await stored({ subject: "Closed", controls: { reply: false } });
  const page = await signedIn(`/m/${open.row.delivery_id}`);
  await button(page, "Reply all").click();
  await button(page, "Remove Ann Lee").waitFor();
  await button(page, "Remove Carol Diaz").waitFor();
  expect(await button(page, "Remove Bob Marsh").count()).toBe(0);
  await button(page, "Discard").click();

  await page.getByRole("link", { name: "Closed" }).click();
  await page.getByText("The sender does not allow replies.").waitFor();
  await button(page, "Reply").click({ force: true });

  expect(await button(page, "Reply").getAttribute("aria-disabled")).toBe("true");
  expect(page.url()).toContain(`/m/${closed.row.delivery_id}`);
});

test("a new message with two files: the small one inside, the large one in pieces", {
  timeout: PATIENCE,
}, async () => {
  gateway.correspondents = [{ ...ANN, last_at: new Date().toISOString() }];
  const page = await signedIn("/inbox");
  await button(page, "New message").click();
  await page.getByLabel("To", { exact: true }).fill("ann@acme.example, nobody");
  await page.getByLabel("Subject").fill("Plan");
  await page.getByText("“nobody” is not an e-mail address").waitFor();
  expect(await complaints(page)).toEqual([]);
  await page.getByLabel("To", { exact: true }).fill("");
  await page.getByLabel("Message", { exact: true }).fill("See both.");
  await page.getByLabel("Files to attach").setInputFiles([
    { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("hello") },
    { name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(9_000_000, 7) },
  ]);
  await button(page, "Remove large.bin").waitFor();
  expect(await complaints(page)).toEqual([]);

  await button(page, "Send").click();

  await expect.poll(() => gateway.arrived.length).toBe(1);
  const [arrived] = gateway.arrived;
  expect(arrived?.mail.to).toEqual([ANN]);
  expect(arrived?.small.get(1)).toEqual(new Uint8Array(Buffer.from("hello")));
  expect(arrived?.mail.attachments[1]).toMatchObject({ part: 2, size: 9_000_000 });
  expect(arrived?.mail.attachments[1]?.uploaded?.objects).toHaveLength(3);
  expect(gateway.stored.size).toBe(3);
});

test("what was refused says why, and can be edited and sent again", { timeout: PATIENCE }, async () => {
  const page = await signedIn("/inbox");
  await button(page, "New message").click();
  await page.getByLabel("To", { exact: true }).fill("eve@elsewhere.example");
  await page.getByLabel("Message", { exact: true }).fill("Hello?");
  await button(page, "Send").click();
  await page.getByText("Sending…").waitFor();
  gateway.settle("refused", "You can write to people of Acme Health who have written to you.");
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.getByText("You can write to people of Acme Health").waitFor();
  expect(await complaints(page)).toEqual([]);

  await button(page, "Edit and send again").click();
  await button(page, "Remove eve@elsewhere.example").click();
  await page.getByLabel("To", { exact: true }).fill("ann@acme.example");
  await button(page, "Send").click();

  await expect.poll(() => gateway.arrived.length).toBe(2);
  expect(gateway.arrived[1]?.mail).toMatchObject({ to: [{ address: ANN.address }], text: "Hello?" });
  expect(gateway.rows).toHaveLength(1);
});

test("a draft is there again after the page was loaded anew, sealed meanwhile; offline it stays", {
  timeout: PATIENCE,
}, async () => {
  const page = await signedIn("/inbox");
  await button(page, "New message").click();
  await page.getByLabel("Message", { exact: true }).fill("A secret plan");
  await page.getByLabel("To", { exact: true }).fill("ann@acme.example");
  await page.getByLabel("Subject").fill("Plan");
  const kept = () =>
    page.evaluate(async () => {
      const name = (await indexedDB.databases()).find((one) => one.name?.startsWith("sealpost-drafts"))?.name;
      if (name === undefined) return "";
      const opening = indexedDB.open(name);
      await new Promise((done) => (opening.onsuccess = done));
      const asking = opening.result.transaction("drafts").objectStore("drafts").getAll();
      await new Promise((done) => (asking.onsuccess = done));
      opening.result.close();
      return asking.result.map(({ sealed }) => new TextDecoder().decode(sealed)).join("");
    });
  await expect.poll(async () => (await kept()).length).toBeGreaterThan(100);
  expect(await kept()).not.toContain("secret");

  await page.reload();
  await unlock(page);

  await expect.poll(() => page.getByLabel("Message", { exact: true }).inputValue()).toBe("A secret plan");
  await contexts[0]?.setOffline(true);
  await button(page, "Send").click();
  await page.getByText("You are offline. The message is kept here").waitFor();
  expect(await page.getByLabel("Subject").inputValue()).toBe("Plan");
});

test("a reviewer sees why a mail is held, and refuses it with words", { timeout: PATIENCE }, async () => {
  const mail = await stored({ definition: "held for review", controls: { reply: false, replyAll: false } });
  gateway.held = {
    ...{
      id: mail.row.message_id,
      policy: "Card numbers",
      component: "cards",
      score: 12,
      sender: ANN.address,
    },
    ...{ recipients: ["eve@elsewhere.example"], secured_as: null, state: "waiting", decision: null },
    ...{ words: null, decided_by: null, decided_at: null, created_at: new Date().toISOString() },
    decide_by: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const page = await signedIn(`/m/${mail.row.delivery_id}`);
  await page.getByText("Card numbers (cards)").waitFor();
  expect(await complaints(page)).toEqual([]);

  await page.getByLabel("Words to the sender, if you refuse (optional)").fill("Use the portal");
  await button(page, "Refuse").click();

  await page.getByText("Refused by you.").waitFor();
  expect(gateway.decisions).toEqual([
    { p_delivery_id: mail.row.delivery_id, p_decision: "refuse", p_words: "Use the portal" },
  ]);
});
