/** The main job: Alice sends an ordinary mail, Bob reads it on his phone, and Alice watches it being opened. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  accessibilityFindings,
  choosePassword,
  desktop,
  mailText,
  openBrowser,
  openPage,
  phone,
  portal,
  signIn,
} from "./world/browser.ts";
import { linkIn, mailsTo, noticeIn, send, temporaryPasswordIn, waitForMails } from "./world/mail.ts";

const bob = "bob@example.org";
const password = "quiet-Harbour-71-fern";
const subject = "Your test results";
const words = "all your values are in the normal range";
const pdf = Buffer.from("%PDF-1.4 the results of the blood test\n".repeat(20_000)); // 780 KB: goes through Storage

let browser: Browser;
let bobs: BrowserContext;
let alices: BrowserContext;
let bobPage: Page & { complaints: string[] };
let alicePage: Page & { complaints: string[] };

beforeAll(async () => {
  browser = await openBrowser();
  bobs = await browser.newContext(phone);
  alices = await browser.newContext(desktop);
  [bobPage, alicePage] = [await openPage(bobs), await openPage(alices)];
});
afterAll(() => browser.close());

test("Alice's mail with [secure] in its subject is taken, and never leaves as plain mail", async () => {
  const answer = await send({
    from: "Alice Archer <alice@acme.example>",
    to: bob,
    cc: "carol@acme.example",
    subject: `[secure 7d no-print] ${subject}`,
    html: `<p>Dear Bob, <b>${words}</b>.</p><img src="cid:logo"><img src="https://tracker.example/pixel.gif">`,
    attachments: [
      { filename: "results.pdf", content: pdf, contentType: "application/pdf" },
      { filename: "logo.png", content: onePixel, cid: "logo", contentType: "image/png" },
    ],
  });

  expect(answer).toMatch(/^250 /);
});

test("Carol, inside, gets ordinary mail with a banner", async () => {
  const [copy] = await waitForMails("carol@acme.example", 1);

  expect(copy!.subject).toContain(subject);
  expect(copy!.html).toContain(words);
  expect(copy!.html).toMatch(/sent securely to/);
});

test("Bob gets a notice and a temporary password in two mails; neither carries subject or content", async () => {
  const mails = await waitForMails(bob, 2);

  expect(mails).toHaveLength(2);
  expect(noticeIn(mails).subject).toMatch(/Alice Archer \(Acme\) sent you a secure message/);
  for (const mail of mails) {
    expect(JSON.stringify(mail)).not.toMatch(new RegExp(`${subject}|${words}|results\\.pdf`));
  }
  expect(noticeIn(mails).text).not.toContain(temporaryPasswordIn(mails));
});

test("the notice's link leads, through sign-in and a password of his own, to the message", async () => {
  const mails = await waitForMails(bob, 2);
  await bobPage.goto(linkIn(noticeIn(mails)));

  await signIn(bobPage, bob, temporaryPasswordIn(mails).toLowerCase().replaceAll("-", " "));
  await choosePassword(bobPage, password);

  await bobPage.getByRole("heading", { name: subject }).waitFor();
  expect(await mailText(bobPage)).toContain(words);
});

test("the message shows its rules and inline image, and fetches nothing from the tracker", async () => {
  const frame = bobPage.locator("iframe").first().contentFrame();

  const sources = await frame
    .locator("img")
    .evaluateAll((images) => images.map((image) => image.getAttribute("src") ?? ""));

  expect(sources.some((source) => /^(blob|data):/.test(source))).toBe(true);
  expect(sources.join()).not.toContain("tracker.example");
  await expect.poll(() => bobPage.getByText(/print/i).first().isVisible()).toBe(true);
});

test("Bob downloads the attachment, and it is what Alice attached", async () => {
  const [download] = await Promise.all([
    bobPage.waitForEvent("download"),
    bobPage
      .getByRole("button", { name: /results\.pdf/ })
      .click()
      .then(() => savePreviewed(bobPage)),
  ]);

  const { readFile } = await import("node:fs/promises");
  expect(Buffer.compare(await readFile(await download.path()), pdf)).toBe(0);
});

/** Where a click opens a preview first, it offers to save. */
async function savePreviewed(page: Page): Promise<void> {
  const save = page.getByRole("button", { name: /^(Save|Download)/ });
  await save.click({ timeout: 3_000 }).catch(() => undefined);
}

test("Alice sees in Sent, without a reload and within a second, that Bob opened it again", async () => {
  await alicePage.goto(portal());
  await signIn(alicePage, "alice@acme.example", inject("world").demoPassword);
  await alicePage.getByRole("navigation").getByRole("link", { name: "Sent" }).click();
  await alicePage.getByRole("link", { name: new RegExp(subject) }).click();
  await alicePage.getByRole("heading", { name: subject }).waitFor();
  await alicePage
    .getByText(/opened/i)
    .first()
    .waitFor();
  const before = await alicePage.getByRole("main").textContent();

  await bobPage.goto(portal("/inbox"));
  await unlock(bobPage);
  await bobPage
    .getByRole("link", { name: new RegExp(`Alice Archer.*${subject}|${subject}.*Alice Archer`, "s") })
    .click();
  await bobPage.getByRole("heading", { name: subject }).waitFor();
  const opened = Date.now();
  await expect
    .poll(() => alicePage.getByRole("main").textContent(), { interval: 20, timeout: 5_000 })
    .not.toBe(before);

  expect(Date.now() - opened).toBeLessThan(1_000);
});

async function unlock(page: Page): Promise<void> {
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("every screen of the journey is clean under axe, in light and in dark", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const page of [bobPage, alicePage]) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityFindings(page), `${page.url()} ${colorScheme}`).toEqual([]);
    }
  }
});

test("Bob signs out, and the next visitor of his phone finds nothing", async () => {
  await bobPage.goto(portal("/inbox"));
  await unlock(bobPage);
  await signOut(bobPage);

  await bobPage.getByLabel("E-mail address").waitFor();
  const left = await bobPage.evaluate(async () => ({
    storage: { ...localStorage, ...sessionStorage },
    databases: (await indexedDB.databases()).map((database) => database.name),
  }));
  expect(JSON.stringify(left)).not.toMatch(/bob@example\.org|access_token|refresh_token/);
});

async function signOut(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Sign out" });
  if (!(await button.isVisible().catch(() => false)))
    await page
      .getByRole("button", { name: /account|menu|me/i })
      .first()
      .click();
  await page
    .getByRole("button", { name: "Sign out" })
    .or(page.getByRole("menuitem", { name: "Sign out" }))
    .click();
}

test("the pages kept to their own content security policy and threw nothing", () => {
  expect([...bobPage.complaints, ...alicePage.complaints]).toEqual([]);
});

test("nobody but the named recipients got any mail", async () => {
  const all = await mailsTo("alice@acme.example");
  expect(all.filter((mail) => !/password/i.test(mail.subject))).toEqual([]);
});

const onePixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
