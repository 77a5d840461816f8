import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPages } from "./pages.ts";
import { type Portal, startPortal } from "./serve.ts";

const parts = { missing: ["the gateway"] as string[] };
const script = `export const words = "${"a calm page ".repeat(500)}";`;
let folder: string;
let portal: Portal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealpost-portal-"));
  await mkdir(join(folder, "dist/assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "not for the world");
  await writeFile(join(folder, "dist/index.html"), "<!doctype html><title>Secure messages</title>");
  await writeFile(join(folder, "dist/frame.html"), "<!doctype html><title>Message</title>");
  await writeFile(join(folder, "dist/sw.js"), "self.skipWaiting();");
  await writeFile(join(folder, "dist/assets/main-Ab3dEf9h.js"), script);
  portal = await startPortal({
    port: 0,
    apiUrl: "http://localhost:54321",
    configuration: { deploymentId: "d1" },
    missing: () => parts.missing,
  });
});

afterAll(async () => {
  await portal.stop();
  await rm(folder, { recursive: true });
});

test("before the pages are there, a visitor is told that Sealpost is starting", async () => {
  const answer = await fetch(`${portal.url}/`);

  expect(answer.status).toBe(503);
  portal.show(await readPages(join(folder, "dist")));
  expect((await fetch(`${portal.url}/`)).status).toBe(200);
});

test("an operator learns from /healthz which part is missing, and when none is", async () => {
  const before = await fetch(`${portal.url}/healthz`);
  parts.missing = [];
  const after = await fetch(`${portal.url}/healthz`);

  expect([before.status, await before.json()]).toEqual([503, { ready: false, missing: ["the gateway"] }]);
  expect([after.status, await after.json()]).toEqual([200, { ready: true }]);
});

test("Bob's link to a message leads to the app, a file that is not there to nothing", async () => {
  const link = await fetch(`${portal.url}/m/0192c1d4-0000-7000-8000-000000000000`);
  const file = await fetch(`${portal.url}/assets/gone-00000000.js`);

  expect(await link.text()).toContain("Secure messages");
  expect(file.status).toBe(404);
});

test.each([
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "//secret.txt",
  "/assets/../../secret.txt",
])("Eve, asking for %s, gets no file from outside the portal", async (path) => {
  const body = await rawGet(path);

  expect(body).not.toContain("not for the world");
});

test("no script or style but the portal's own runs, nobody frames it, and it connects to the API alone", async () => {
  const { headers } = await fetch(`${portal.url}/inbox`);

  const policy = headers.get("content-security-policy");
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
  expect(policy).toContain("style-src 'self';");
  expect(policy).toContain("connect-src 'self' http://localhost:54321 ws://localhost:54321;");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("the frame of a message may be framed by the portal, and nothing runs in it", async () => {
  const { headers } = await fetch(`${portal.url}/frame.html`);

  const policy = headers.get("content-security-policy");
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("script-src");
});

test("hashed files are kept for ever, the page and the service worker are asked for each time", async () => {
  const caching = async (path: string) => (await fetch(`${portal.url}${path}`)).headers.get("cache-control");

  expect(await caching("/assets/main-Ab3dEf9h.js")).toContain("immutable");
  expect(await caching("/sw.js")).toBe("no-cache");
  expect(await caching("/")).toBe("no-cache");
});

test("a browser gets files compressed, and nothing again that it has", async () => {
  const url = `${portal.url}/assets/main-Ab3dEf9h.js`;
  const first = await fetch(url, { headers: { "accept-encoding": "gzip, br" } });
  const etag = first.headers.get("etag") ?? "";
  const again = await fetch(url, { headers: { "if-none-match": etag } });

  expect(first.headers.get("content-encoding")).toBe("br");
  expect(await first.text()).toBe(script);
  expect(again.status).toBe(304);
});

test("the portal takes no POST", async () => {
  const answer = await fetch(`${portal.url}/`, { method: "POST", body: "x" });

  expect(answer.status).toBe(405);
});

/** A request whose path is sent as it is, which fetch would tidy up first. */
function rawGet(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: new URL(portal.url).port, path }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
    asked.on("error", reject);
    asked.end();
  });
}
