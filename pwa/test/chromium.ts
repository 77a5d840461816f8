/**
 * The installed Chromium, for tests that need a real browser.
 */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];

/** Starts a Chrome or Chromium that is installed, else Playwright's own. */
export async function openBrowser(): Promise<Browser> {
  const installed = [process.env.CHROME_PATH ?? "", ...PLACES].find((place) => existsSync(place));
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return await chromium.launch(installed === undefined ? { args } : { executablePath: installed, args });
}
