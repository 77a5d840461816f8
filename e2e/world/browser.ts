/**
 * A real Chromium and the people who use the portal in it.
 */
import { access } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
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

/** What axe finds against WCAG 2.2 AA, a line a finding. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  const result = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return result.violations.map(
    (found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
}

export const portal = (path = "/") => `${inject("world").portalUrl}${path}`;
