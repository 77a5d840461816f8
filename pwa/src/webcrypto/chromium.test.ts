/**
 * The seal in a real browser, under the portal's kind of CSP: on Chromium's own WebCrypto, and on the stand-in with `crypto.subtle`
 * taken away. What each sealed is opened in Node. One browser, two pages.
 */
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { makeShapes } from "@sealpost/shared/crypto/trials/shapes.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PageFindings } from "./chromium-trials.ts";

const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
/** For a machine that is busy with other tests; alone both pages take about ten seconds. */
const TIME_LIMIT_MS = 180_000;
const NATIVE_PLACES = 6;
/** One HPKE opening takes the stand-in some 50 ms. */
const LINER_PLACES = 2;

const world: { browser?: Browser; server?: Server; origin?: string; asked: string[] } = { asked: [] };

beforeAll(async () => {
  const files = await bundle();
  world.server = createServer((request, response) => {
    const path = request.url ?? "/";
    world.asked.push(path);
    const file =
      path === "/" ? '<!doctype html><script type="module" src="/trials.js"></script>' : files.get(path);
    response.setHeader("content-security-policy", CSP);
    response.setHeader("content-type", path === "/" ? "text/html" : "text/javascript");
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => world.server?.listen(0, "127.0.0.1", resolve));
  world.origin = `http://127.0.0.1:${(world.server.address() as AddressInfo).port}/`;
  world.browser = await chromium.launch({
    executablePath: installedBrowser(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}, TIME_LIMIT_MS);

afterAll(async () => {
  await world.browser?.close();
  await new Promise((resolve) => world.server?.close(resolve));
});

describe("in Chromium", () => {
  test("the seal holds on the browser's own WebCrypto, and the stand-in is not loaded", {
    timeout: TIME_LIMIT_MS,
  }, async () => {
    world.asked.length = 0;
    const page = await openPage();

    const findings = await findOut(page, NATIVE_PLACES);

    expect(failures(findings)).toEqual([]);
    expect(findings.kind).toBe("native");
    expect(world.asked.filter((path) => path.includes("liner"))).toEqual([]);
    await opensInNode(findings);
  });

  test("without crypto.subtle it holds on the stand-in, which is loaded then", {
    timeout: TIME_LIMIT_MS,
  }, async () => {
    world.asked.length = 0;
    const page = await openPage();
    await page.addInitScript(() => Reflect.deleteProperty(Crypto.prototype, "subtle"));
    await page.reload();

    const findings = await findOut(page, LINER_PLACES);

    expect(failures(findings)).toEqual([]);
    expect(findings.kind).toBe("liner");
    expect(world.asked.some((path) => path.includes("liner"))).toBe(true);
    await opensInNode(findings);
  });
});

async function openPage(): Promise<Page> {
  const page = await world.browser!.newPage();
  await page.goto(world.origin!);
  return page;
}

async function findOut(page: Page, mostPlaces: number): Promise<PageFindings> {
  await page.waitForFunction(() => "findOut" in globalThis);
  return await page.evaluate(
    (places) => (globalThis as unknown as { findOut(most: number): Promise<PageFindings> }).findOut(places),
    mostPlaces,
  );
}

function failures({ verdicts }: PageFindings): readonly string[] {
  return verdicts.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]));
}

async function opensInNode({ sealed }: PageFindings): Promise<void> {
  const node = webCryptoPrimitives(globalThis.crypto);
  const shapes = await makeShapes(node, node);
  const answers = await Promise.all(
    shapes
      // The content key travels under the encapsulation of its header key, which stayed in the page.
      .filter(({ name }) => name !== "content key")
      .map(async ({ name, open }) => [name, (await open(fromB64(sealed[name]!)!)).kind]),
  );
  expect(answers).toEqual(answers.map(([name]) => [name, "opened"]));
  expect(answers).toHaveLength(Object.keys(sealed).length - 1);
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: "error",
    build: {
      write: false,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: `${import.meta.dirname}/chromium-trials.ts`,
        output: { entryFileNames: "trials.js" },
      },
    },
  });
  const outputs = [result].flat().flatMap((built) => ("output" in built ? built.output : []));
  return new Map(
    outputs.flatMap((file) => (file.type === "chunk" ? [[`/${file.fileName}`, file.code]] : [])),
  );
}

function installedBrowser(): string {
  const places = [
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/usr/bin/chromium-browser",
    chromium.executablePath(),
  ];
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new Error("no Chrome or Chromium is installed: npx playwright install chromium");
  return found;
}
