/** Where a secure context lacks crypto.subtle, webcrypto-liner stands in for it, and the journey is the same; nowhere else is it loaded. */
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { choosePassword, mailText, openBrowser, openPage, phone, signIn } from "./world/browser.ts";
import { linkIn, noticeIn, send, temporaryPasswordIn, waitForMails } from "./world/mail.ts";

const password = "patient-Windmill-94-reed";
const withoutSubtle = `Object.defineProperty(Object.getPrototypeOf(crypto), "subtle", { get: () => undefined, configurable: true });`;
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** A browser whose pages and workers have no crypto.subtle. */
async function oldBrowser(): Promise<BrowserContext> {
  const context = await browser.newContext({ ...phone, serviceWorkers: "block" });
  await context.addInitScript(withoutSubtle);
  await context.route("**/assets/derive-worker-*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${withoutSubtle}\n${await response.text()}` });
  });
  return context;
}

async function firstContact(context: BrowserContext, address: string) {
  const subject = `For ${address}`;
  await send({
    from: "Alice Archer <alice@acme.example>",
    to: address,
    subject: `[secure] ${subject}`,
    text: `words for ${address}`,
    attachments: [{ filename: "plan.txt", content: "the plan" }],
  });
  const mails = await waitForMails(address, 2);
  const page = await openPage(context);
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  await page.goto(linkIn(noticeIn(mails)));
  await signIn(page, address, temporaryPasswordIn(mails));
  await choosePassword(page, password);
  await page.getByRole("heading", { name: subject }).waitFor();
  return { page, loaded };
}

test("Liv's browser has no crypto.subtle: she signs in, sets a password and reads all the same", async () => {
  const { page, loaded } = await firstContact(await oldBrowser(), "liv@example.org");

  expect(await page.evaluate(() => typeof Reflect.get(Object.getPrototypeOf(crypto), "subtle", crypto))).toBe(
    "undefined",
  );
  expect(await mailText(page)).toContain("words for liv@example.org");
  expect(loaded.some((url) => /\/liner-/.test(url))).toBe(true);
  expect(page.complaints).toEqual([]);
});

test("Max's browser has it: the stand-in is never loaded", async () => {
  const { page, loaded } = await firstContact(await browser.newContext(phone), "max@example.org");

  expect(await mailText(page)).toContain("words for max@example.org");
  expect(loaded.filter((url) => /\/liner-/.test(url))).toEqual([]);
});
