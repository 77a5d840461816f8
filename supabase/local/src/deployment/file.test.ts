import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { judgeToken } from "../realtime/token.ts";
import { openDeployment } from "./file.ts";
import { makeDeployment } from "./keys.ts";

const now = Date.UTC(2026, 10, 24);
let dataDir: string;

beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), "sealpost-deployment-")), "data");
});

afterEach(async () => {
  await rm(join(dataDir, ".."), { recursive: true });
});

test("keys are made once, and the next start finds the same", async () => {
  const first = await openDeployment(dataDir, now);
  const second = await openDeployment(dataDir, now + 1000);

  expect(first.kind).toBe("made");
  expect(second).toEqual({ kind: "found", deployment: first.kind === "made" && first.deployment });
});

test("nobody but the operator may look into the data folder", async () => {
  await openDeployment(dataDir, now);

  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, "deployment.json"))).mode & 0o777).toBe(0o600);
  expect(await readdir(dataDir)).toEqual(["deployment.json"]);
});

test.each([
  [
    "of a newer version",
    () => JSON.stringify({ ...makeDeployment(now), version: 2 }),
    /version 2.*newer Sealpost/,
  ],
  ["cut off", () => JSON.stringify(makeDeployment(now)).slice(0, 100), /damaged/],
  ["without its pepper", () => JSON.stringify({ ...makeDeployment(now), pepper: undefined }), /lacks pepper/],
])(
  "a file that is %s is left as it is, and the operator reads one sentence",
  async (_, makeText, sentence) => {
    await openDeployment(dataDir, now);
    const path = join(dataDir, "deployment.json");
    const text = makeText();
    await writeFile(path, text);

    const opened = await openDeployment(dataDir, now);

    expect(opened).toEqual({ kind: "unusable", why: expect.stringMatching(sentence) });
    expect(await readFile(path, "utf8")).toBe(text);
  },
);

test("the two halves of each key pair belong together", () => {
  const { signing } = makeDeployment(now);

  const key = createPrivateKey({
    key: Buffer.from(signing.privateKey, "base64"),
    format: "der",
    type: "pkcs8",
  });
  const raw = createPublicKey(key).export({ type: "spki", format: "der" }).subarray(-65);
  expect(raw.toString("base64")).toBe(signing.publicKey);
});

test("the API's keys are tokens of their roles, and end", () => {
  const { anonKey, serviceRoleKey, jwtSecret } = makeDeployment(now);

  expect(judgeToken(anonKey, jwtSecret, now)).toMatchObject({ kind: "valid", claims: { role: "anon" } });
  expect(judgeToken(serviceRoleKey, jwtSecret, now)).toMatchObject({ claims: { role: "service_role" } });
  expect(judgeToken(anonKey, jwtSecret, now + 4000 * 24 * 3600 * 1000)).toEqual({ kind: "expired" });
});
