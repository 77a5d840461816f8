/**
 * The built portal in a real Chromium, under the headers that it is served with: hostile mails, states that a journey
 * does not come by, and accessibility in each of them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { buildPortal } from "../build/portal.ts";
import { openBrowser } from "./chromium.ts";
import { type MailToStore, makePerson, makeSigningKey, storeMail } from "./deployment.ts";
import { HOSTILE } from "./hostile-mails.ts";
import { serve, type TestServer, type World } from "./server.ts";

const PASSWORD = "harbour violin marmalade";
const HOUR = 3_600_000;
/** The machine may be busy with everything else. */
const PATIENCE = 120_000;

let browser: Browser;
let dist: string;
let world: World;
let server: TestServer;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), "sealpost-portal-"));
  await buildPortal(dist);
  browser = await openBrowser();
  const signing = await makeSigningKey();
  const who = {
    name: "Bob Marsh",
    address: "bob@example.org",
    password: PASSWORD,
    status: "active",
  } as const;
  world = { dist, signing, person: await makePerson(signing, who), mails: [] };
  server = await serve(world);
}, PATIENCE);

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  world.mails = [];
  delete world.failing;
  delete world.signIn;
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(dist, { recursive: true, force: true });
});

async function stored(mail: Partial<MailToStore> = {}) {
  const full = {
    from: { name: "Ann Lee", address: "ann@acme.example" },
    subject: "Your results",
    storedAt: Date.now(),
  };
  const kept = await storeMail(world.signing, world.person, { ...full, text: "All is well.", ...mail });
  world.mails.push(kept);
  return kept;
}

async function openPage(path: string, size = { width: 390, height: 844 }): Promise<Page> {
  const context = await browser.newContext({ viewport: size, serviceWorkers: "block" });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(server.url + path);
  return page;
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("E-mail address").fill("bob@example.org");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function signedIn(path: string, size?: { width: number; height: number }): Promise<Page> {
  const page = await openPage(path, size);
  await signIn(page);
  return page;
}

async function complaints(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

test("no mail runs, asks, or phones home", { timeout: PATIENCE }, async () => {
  for (const [subject, html] of Object.entries(HOSTILE)) await stored({ subject, html, text: null });
  const page = await openPage("/inbox");
  const asked: string[] = [];
  // What the CSP blocks never comes by here.
  await page.route(/^https:/, (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  page.on("dialog", () => asked.push("a dialog"));
  await signIn(page);

  for (const subject of Object.keys(HOSTILE)) {
    await page.getByRole("link", { name: subject }).click();
    await page.getByRole("heading", { name: subject, exact: true }).waitFor();
    const frame = page.frameLocator("iframe");
    await frame.getByText("Hi").waitFor();
    const left = await frame.locator("html").evaluate((root) => ({
      elements: root.querySelectorAll(
        "script,iframe,object,embed,form,input,button,base,meta,link,svg,math,video,audio,frame",
      ).length,
      handlers: [...root.querySelectorAll("*")]
        .flatMap((one) => one.getAttributeNames())
        .filter((name) => name.startsWith("on")),
      links: [...root.querySelectorAll("a[href]")].map((one) => one.getAttribute("href")),
    }));

    expect(left, subject).toEqual({ elements: 0, handlers: [], links: [] });
    await page.getByRole("link", { name: "Back to the list" }).click();
  }

  expect(asked).toEqual([]);
  expect(await page.evaluate("window.pwned")).toBeUndefined();
});

test("Bob sees an ordinary newsletter as it was made: its styles, its inline picture, where its links go", {
  timeout: PATIENCE,
}, async () => {
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const html = `<html><head><style>h2{color:rgb(0, 64, 32)}</style></head><body><h2 style="letter-spacing:3px">News</h2><img src="cid:logo@acme" alt="Logo"><a href="https://acme.example/x">Read more</a></body></html>`;
  const mail = await stored({
    html,
    text: null,
    files: [{ name: "logo.png", type: "image/png", bytes: pixel, cid: "logo@acme" }],
  });
  const page = await signedIn(`/m/${mail.row.delivery_id}`);
  const frame = page.frameLocator("iframe");

  const heading = frame.getByRole("heading", { name: "News" });
  await heading.waitFor();
  expect(
    await heading.evaluate((one) => [getComputedStyle(one).color, getComputedStyle(one).letterSpacing]),
  ).toEqual(["rgb(0, 64, 32)", "3px"]);
  await expect
    .poll(() => frame.getByAltText("Logo").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBe(1);
  const link = frame.getByRole("link", { name: "Read more" });
  expect(await link.getAttribute("target")).toBe("_blank");
  expect(await link.getAttribute("rel")).toBe("noopener noreferrer");
  expect(await link.evaluate((one) => getComputedStyle(one, "::after").content)).toContain("acme.example");
  expect(await page.getByText("Show remote images").count()).toBe(0);
});

test("no style of the sender hides where a link leads, or stretches the message", {
  timeout: PATIENCE,
}, async () => {
  const style =
    "#a#a::after,a::after{content:none!important;display:none!important;font-size:0!important}a{font-size:0}" +
    "html,body{height:90000px!important;min-height:90000px!important;position:fixed!important}";
  const html = `<style>${style}</style><p>Hi</p><a id=a href="https://evil.example/">bank.example</a>`;
  await stored({ html, text: null });
  const page = await signedIn("/inbox");
  await page.getByRole("link", { name: "Your results" }).click();
  const message = page.frameLocator("iframe");
  await message.getByText("Hi").waitFor();

  const shown = await message.locator("a").evaluate((one) => {
    const { content, display, fontSize } = getComputedStyle(one, "::after");
    return { content, display, fontSize };
  });

  expect(shown).toEqual({ content: '" (evil.example)"', display: "inline", fontSize: "13px" });
  expect((await page.locator("iframe").boundingBox())?.height).toBeLessThan(1_000);
});

test("remote pictures are loaded once Bob asks for them, and not before", { timeout: PATIENCE }, async () => {
  const mail = await stored({ html: `<p>Hi</p><img src="https://pictures.example/a.png">`, text: null });
  const page = await openPage(`/m/${mail.row.delivery_id}`);
  const asked: string[] = [];
  await page.route("https://pictures.example/**", (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  await signIn(page);
  await page.frameLocator("iframe").getByText("Hi").waitFor();
  expect(asked).toEqual([]);

  await page.getByRole("button", { name: "Show remote images" }).click();

  await expect.poll(() => asked).toEqual(["https://pictures.example/a.png"]);
});

test("an altered message shows nothing of itself", { timeout: PATIENCE }, async () => {
  const mail = await stored({ text: "Pay to account 42" });
  mail.opened.latest_expiry_ms = Date.now() + 99 * HOUR;
  const page = await signedIn(`/m/${mail.row.delivery_id}`);

  await page.getByRole("heading", { name: "This message was altered" }).waitFor();

  expect(await page.getByRole("main").textContent()).not.toContain("account 42");
  expect(await complaints(page)).toEqual([]);
});

test("a message on screen leaves it when it expires", { timeout: PATIENCE }, async () => {
  const page = await signedIn("/inbox");
  await page.getByText("Nothing here.").waitFor();
  const mail = await stored({ text: "Only for a moment", expiresAt: Date.now() + 6_000 });
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.getByRole("link", { name: /Your results/ }).click();
  await page.getByText("Only for a moment").waitFor();

  await page.getByRole("heading", { name: "This message has expired" }).waitFor({ timeout: 8_000 });

  expect(Date.now()).toBeGreaterThanOrEqual(mail.opened.expires_at_ms ?? 0);
  expect(await page.getByRole("main").textContent()).not.toContain("Only for a moment");
});

test("what the sender forbids is shown disabled, with its reason, and does nothing", {
  timeout: PATIENCE,
}, async () => {
  const files = [{ name: "contract.docx", type: "application/msword", bytes: new Uint8Array(9) }];
  const mail = await stored({ files, controls: { print: false, download: false } });
  const page = await signedIn(`/m/${mail.row.delivery_id}`);
  await page.evaluate("window.print = () => { window.printed = true }");
  const downloads: unknown[] = [];
  page.on("download", (download) => downloads.push(download));

  await page.getByRole("button", { name: "Print" }).click({ force: true });
  await page.getByRole("button", { name: "contract.docx" }).click({ force: true });

  expect(await page.evaluate("window.printed")).toBeUndefined();
  expect(downloads).toEqual([]);
  expect(await page.getByRole("button", { name: "Print" }).getAttribute("aria-disabled")).toBe("true");
  await page.getByText("The sender does not allow printing.").waitFor();
  await page.emulateMedia({ media: "print" });
  expect(await page.getByText("All is well.").isVisible()).toBe(false);
  expect(await page.getByText("does not allow this message to be printed").isVisible()).toBe(true);
});

test("a picture that may not be downloaded can be looked at, by keyboard", {
  timeout: PATIENCE,
}, async () => {
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const mail = await stored({
    files: [{ name: "scan.png", type: "image/png", bytes: pixel }],
    controls: { download: false },
  });
  const page = await signedIn(`/m/${mail.row.delivery_id}`);

  await page.getByRole("button", { name: "scan.png" }).press("Enter");
  await page.getByRole("dialog", { name: "scan.png" }).waitFor();
  expect(await complaints(page)).toEqual([]);
  await page.keyboard.press("Escape");

  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("scan.png");
});

test("25 MB arrive whole while the page stays alive; an altered file is not handed over", {
  timeout: PATIENCE,
}, async () => {
  const bytes = new Uint8Array(25_000_000).fill(7);
  const good = await stored({ files: [{ name: "big.bin", type: "application/octet-stream", bytes }] });
  const bad = await stored({
    subject: "Bad",
    files: [{ name: "bad.bin", type: "application/octet-stream", bytes: bytes.slice(0, 9_000) }],
  });
  for (const cipher of bad.ciphers.values()) cipher[500] = (cipher[500] ?? 0) ^ 1;
  const page = await signedIn(`/m/${good.row.delivery_id}`);
  await page.evaluate(() => {
    Object.assign(window, { drawn: 0 });
    const step = (): void => {
      Object.assign(window, { drawn: Reflect.get(window, "drawn") + 1 });
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });

  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: 60_000 }),
    page.getByRole("button", { name: "big.bin" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("big.bin");
  await page.getByText("Downloaded and checked.").waitFor();
  expect(await page.evaluate<number>("window.drawn")).toBeGreaterThan(5);

  await page.getByRole("link", { name: "Back to the list" }).click();
  await page.getByRole("link", { name: /Bad/ }).click();
  await page.getByRole("button", { name: "bad.bin" }).click();
  await page.getByText("This file was altered after it was sent").waitFor();
});

test("older messages are reached by the button alone", { timeout: PATIENCE }, async () => {
  const mails = Array.from({ length: 70 }, (_, n) =>
    stored({ subject: `Message ${n}`, storedAt: Date.now() - n * HOUR }),
  );
  await Promise.all(mails);
  const page = await signedIn("/inbox");
  await page.getByRole("link", { name: "Message 29" }).waitFor();

  await page.getByRole("button", { name: "Show older" }).press("Enter");

  await page.getByRole("link", { name: "Message 59" }).waitFor();
});

test("a lost network is told where it is lost, and the message opens once it is back", {
  timeout: PATIENCE,
}, async () => {
  const mail = await stored();
  const page = await signedIn("/inbox");
  await page.getByRole("link", { name: /Your results/ }).waitFor();
  world.failing = "no answer";

  await page.getByRole("link", { name: /Your results/ }).click();
  await page.getByRole("heading", { name: "You are offline" }).waitFor();
  delete world.failing;
  await page.getByRole("button", { name: "Try again" }).click();

  await page.getByRole("heading", { name: "Your results" }).waitFor();
  expect(mail.row.open_count).toBe(1);
});

test("too many tries are told with the minutes to wait", { timeout: PATIENCE }, async () => {
  world.signIn = { kind: "locked", seconds: 15 * 60 };
  const page = await signedIn("/");

  await page.getByRole("alert").getByText("locked for 15 minutes").waitFor();

  expect(await complaints(page)).toEqual([]);
});

test("keyboard alone: from the address to the message and back to the list", {
  timeout: PATIENCE,
}, async () => {
  await stored();
  const page = await openPage("/", { width: 1280, height: 800 });
  await page.getByLabel("E-mail address").focus();
  await page.keyboard.type("bob@example.org");
  await page.keyboard.press("Enter");
  await page.getByLabel("Password", { exact: true }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  const link = page.getByRole("link", { name: /Your results/ });
  await link.waitFor();
  for (let tabs = 0; tabs < 20 && !(await link.evaluate((one) => one === document.activeElement)); tabs += 1)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "Your results" }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Your results");
  expect(await complaints(page)).toEqual([]);
});
