/**
 * A real Chromium and the people who use the portal in it.
 */
import { access } from "node:fs/promises";
import axe from "axe-core";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { inject } from "vitest";

const installed = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--no-first-run",
  "--disable-sync",
];

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};
export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

/** Starts an installed Chromium or Chrome, else the one that Playwright brought. */
export async function openBrowser(): Promise<Browser> {
  for (const executablePath of [process.env.CHROME_PATH, ...installed]) {
    if (executablePath !== undefined && (await exists(executablePath))) {
      return chromium.launch({ executablePath, args: quiet });
    }
  }
  return chromium.launch({ args: quiet });
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** A page that fails the test on a script error or on a breach of the content security policy. */
export async function openPage(context: BrowserContext): Promise<Page & { complaints: string[] }> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Refused to/.test(message.text()))
      complaints.push(message.text());
  });
  return Object.assign(page, { complaints });
}

/** Gives address and password on the sign-in screen. */
export async function signIn(page: Page, address: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(address);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Chooses a password of one's own at first sign-in. */
export async function choosePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("Repeat new password").fill(password);
  await page.getByRole("button", { name: "Set password" }).click();
}

/** The text of the mail itself: in its sandboxed frame if it is HTML, on the page if it is plain. */
export async function mailText(page: Page): Promise<string> {
  const shown = page.locator("iframe, .text-body").first();
  await shown.waitFor();
  const isFrame = await shown.evaluate((element) => element.localName === "iframe");
  const content = isFrame ? shown.contentFrame().locator("body") : shown;
  await content.filter({ hasText: /\S/ }).waitFor();
  return (await content.textContent()) ?? "";
}

/**
 * What axe finds against WCAG 2.2 AA, a line a finding. It looks at our pages, not into the frame with a stranger's mail, where
 * no script may run, its own neither.
 */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async (tags) => {
    const found = await window.axe.run(document, { runOnly: tags, iframes: false });
    return found.violations.map(
      (each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`,
    );
  }, standards);
}

export const portal = (path = "/") => `${inject("world").portalUrl}${path}`;
