/**
 * A writer of the database, who swaps a key, an address, a body or an expiry, is noticed by the gateway or by the reader's app.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { choosePassword, mailText, openBrowser, openPage, phone, portal, signIn } from "./world/browser.ts";
import { send, temporaryPasswordIn, waitForMails } from "./world/mail.ts";

const fred = "fred@example.org";
const password = "silent-Lighthouse-23-moss";
let browser: Browser;
let page: Page;
let database: pg.Client;

beforeAll(async () => {
  browser = await openBrowser();
  page = await openPage(await browser.newContext(phone));
  database = new pg.Client(inject("world").superuserUrl);
  await database.connect();
  await sendsTo(fred, "First contact");
  const mails = await waitForMails(fred, 2);
  await page.goto(portal());
  await signIn(page, fred, temporaryPasswordIn(mails));
  await choosePassword(page, password);
  await page.getByRole("link", { name: /First contact/ }).waitFor();
}, 120_000);
afterAll(async () => {
  await database.end();
  await browser.close();
});

const sendsTo = (to: string, subject: string) =>
  send({
    from: "Alice Archer <alice@acme.example>",
    to,
    subject: `[secure 7d] ${subject}`,
    text: `the words of ${subject}`,
  });

/** Sends a message, lets the writer at its row, and opens it in the app. */
async function openAfter(subject: string, statement: string, values: unknown[] = []): Promise<void> {
  await sendsTo(fred, subject);
  const found = await database.query(
    `select m.id from public.messages m join public.deliveries d on d.message_id = m.id
     where d.address = $1 and d.kind = 'to' order by d.stored_at desc limit 1`,
    [fred],
  );
  await database.query("set session_replication_role = replica"); // this writer is not stopped by triggers
  await database.query(statement, [found.rows[0].id, ...values]);
  await database.query("set session_replication_role = origin");
  await page.goto(portal("/inbox"));
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page
    .getByRole("link", { name: /Alice Archer/ })
    .first()
    .click();
}

test("a body that was swapped for another is not shown, and the app says why", async () => {
  const body = randomBytes(400);
  await openAfter("Swapped body", "update public.message_contents set body = $2 where message_id = $1", [
    body,
  ]);

  await page
    .getByText(/altered|changed|not genuine/i)
    .first()
    .waitFor();
  expect(await page.locator("iframe").count()).toBe(0);
});

test("controls that were loosened are noticed", async () => {
  await openAfter(
    "Loosened controls",
    `update public.messages set controls = controls || '{"print": false}' where id = $1`,
  );

  await page
    .getByText(/altered|changed|not genuine/i)
    .first()
    .waitFor();
});

test("an expiry moved beyond what was signed is noticed", async () => {
  await openAfter(
    "Stretched expiry",
    "update public.messages set expires_at = now() + interval '9 years', latest_expiry = now() + interval '10 years' where id = $1",
  );

  await page
    .getByText(/altered|changed|not genuine/i)
    .first()
    .waitFor();
});

test("a message given to another sender's name in the database is noticed", async () => {
  await openAfter(
    "Swapped owner",
    "update public.messages set owner_account = (select id from public.accounts where address = 'carol@acme.example') where id = $1",
  );

  await page
    .getByText(/altered|changed|not genuine/i)
    .first()
    .waitFor();
});

test("what nobody touched opens", async () => {
  await openAfter("Untouched", "select $1::uuid");

  await page.getByRole("heading", { name: "Untouched" }).waitFor();
  expect(await mailText(page)).toContain("the words of Untouched");
});

test("nothing is sealed to a public key that was slipped into a mailbox: the gateway refuses for now, and loses nothing", async () => {
  const gail = "gail@example.org";
  await sendsTo(gail, "Before");
  await database.query(
    "update public.mailboxes set public_key = (select public_key from public.mailboxes where address = $1), key_version = 2 where address = $2",
    [fred, gail],
  );

  const answer = await sendsTo(gail, "After").catch((error: unknown) => String(error));

  expect(answer).toMatch(/\b4\d\d\b/);
  const sealed = await database.query("select 1 from public.deliveries where address = $1", [gail]);
  expect(sealed.rows).toHaveLength(1);
});

test("nothing is sealed for an address that was put on somebody else's mailbox", async () => {
  const [hugo, ida] = ["hugo@example.org", "ida@example.org"];
  await sendsTo(hugo, "For Hugo");
  await database.query("update public.mailboxes set address = $2 where address = $1", [hugo, ida]);
  await database.query("update public.accounts set address = $2 where address = $1", [hugo, ida]);

  const answer = await sendsTo(ida, "For Ida").catch((error: unknown) => String(error));

  expect(answer).toMatch(/\b4\d\d\b/);
});
