/** Wrong turns: a wrong password, somebody else's link, a message that is gone, a lost network; each has a clear answer. */
import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  accessibilityFindings,
  choosePassword,
  mailText,
  openBrowser,
  openPage,
  phone,
  portal,
  signIn,
} from "./world/browser.ts";
import { linkIn, noticeIn, send, temporaryPasswordIn, waitForMails } from "./world/mail.ts";

const [nora, otto] = ["nora@example.org", "otto@example.org"];
const password = "gentle-Compass-36-tide";
let browser: Browser;
let context: BrowserContext;
let page: Page;
let links: Map<string, string>;

beforeAll(async () => {
  browser = await openBrowser();
  context = await browser.newContext(phone);
  page = await openPage(context);
  links = new Map();
  for (const address of [nora, otto]) {
    await send({
      from: "alice@acme.example",
      to: address,
      subject: "[secure] A plan",
      text: `a plan for ${address}`,
    });
    links.set(address, linkIn(noticeIn(await waitForMails(address, 2))));
  }
}, 120_000);
afterAll(() => browser.close());

test("a wrong temporary password gets the generic answer, and the right one still works", async () => {
  const mails = await waitForMails(nora, 2);
  await page.goto(links.get(nora)!);

  await signIn(page, nora, "AAAA-BBBB-CCCC");
  await page.getByRole("alert").filter({ hasText: /\S/ }).first().waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.getByLabel("Password", { exact: true }).fill(temporaryPasswordIn(mails));
  await page.getByRole("button", { name: "Sign in" }).click();
  await choosePassword(page, password);

  await page.getByRole("heading", { name: "A plan" }).waitFor();
});

async function goSignedIn(address: string): Promise<void> {
  await page.goto(address);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("Otto's link tells Nora the same as a link to a message that never was", async () => {
  const answer = async (link: string) => {
    await goSignedIn(link);
    const heading = page
      .getByRole("heading")
      .filter({ visible: true, hasNotText: /Unlock|Inbox/ })
      .first();
    await heading.waitFor();
    return heading.locator("xpath=..").textContent();
  };

  const forOttos = await answer(links.get(otto)!);
  const forNone = await answer(portal(`/m/${randomUUID()}`));

  expect(forOttos).toBe(forNone);
  expect(forOttos).not.toMatch(/A plan|alice/i);
});

test("a message that has expired shows when, and nothing of itself", async () => {
  const database = new pg.Client(inject("world").databaseUrl);
  await database.connect();
  await database.query(
    "update public.messages set expires_at = created_at + interval '1 second' where id in (select message_id from public.deliveries where address = $1)",
    [nora],
  );
  await database.end();

  await goSignedIn(links.get(nora)!);
  await page
    .getByText(/expired/i)
    .filter({ visible: true })
    .first()
    .waitFor();

  expect(await page.getByRole("main").textContent()).not.toMatch(/a plan for/);
  expect(await accessibilityFindings(page)).toEqual([]);
});

test("without a network the app starts and says so; with it back, it goes on", async () => {
  await send({ from: "alice@acme.example", to: nora, subject: "[secure] Back again", text: "welcome back" });
  await goSignedIn(portal("/inbox"));
  await page.getByRole("link", { name: /Back again/ }).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));

  await context.setOffline(true);
  await page.reload();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page
    .getByText(/offline|connection/i)
    .filter({ visible: true })
    .first()
    .waitFor();
  await context.setOffline(false);
  await goSignedIn(portal("/inbox"));
  await page.getByRole("link", { name: /Back again/ }).click();

  expect(await mailText(page)).toContain("welcome back");
});
