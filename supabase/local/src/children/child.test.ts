import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, expect, test, vi } from "vitest";
import { processIdentity } from "../postgres/process-identity.ts";
import { type Child, type Program, startChild } from "./child.ts";
import { type Leash, makeLeash } from "./leash.ts";
import { freePort, isPortAnswering } from "./port.ts";

const begun: (Child | Leash)[] = [];

afterEach(async () => {
  for (const one of begun.splice(0).reverse()) await one.stop();
});

test("a program runs with the environment it was given and no other", async () => {
  const lines = await run({ code: "console.log(Object.keys(process.env).sort().join())" });

  await vi.waitFor(() => expect(lines).toContain("GREETING"));
});

test("a secret that a program writes is blotted out", async () => {
  const lines = await run({ code: "console.log('my key is hunter2')", secrets: ["hunter2"] });

  await vi.waitFor(() => expect(lines).toContain("my key is [secret]"));
});

test("a program that dies is started again", async () => {
  const port = await freePort();
  const lines = await run({
    code: `const s = require("node:net").createServer((c) => c.on("data", () => process.exit(3))).listen(${port}, "127.0.0.1", () => console.log("up"))`,
    isReady: () => isPortAnswering(port),
  });

  await vi.waitFor(() => expect(lines).toContain("up"));
  spawn(process.execPath, ["-e", `require("node:net").connect(${port}, "127.0.0.1").end("die")`]);

  await vi.waitFor(() => expect(lines.filter((line) => line === "up")).toHaveLength(2), { timeout: 10_000 });
});

test("a program that ends before it is ready is a failure that names it", async () => {
  const leash = makeLeash();
  begun.push(leash);

  const starting = startChild(
    program({ code: "process.exit(1)", isReady: async () => false }),
    leash,
    () => {},
  );

  await expect(starting).rejects.toThrow("the greeter ended before it was ready");
});

test("a program that ignores the request to end is killed", async () => {
  const { child } = await start({
    code: "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)",
    graceMs: 200,
  });

  await child.stop();

  expect(child.isUp()).toBe(false);
});

test("when we are killed, what we started ends too", async () => {
  const parent = spawn(process.execPath, ["--input-type=module", "-e", killedParent], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [pid = ""] = await firstLine(parent.stdout);
  const identity = await processIdentity(Number(pid));

  parent.kill("SIGKILL");

  expect(identity).not.toBeNull();
  await vi.waitFor(async () => expect(await processIdentity(Number(pid))).not.toBe(identity), {
    timeout: 8_000,
  });
});

const killedParent = `
  import { spawn } from "node:child_process";
  import { makeLeash } from ${JSON.stringify(new URL("./leash.ts", import.meta.url).href)};
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
  makeLeash().hold(child.pid, "term");
  console.log(child.pid);
  setInterval(() => {}, 1000);
`;

type Wish = { code: string; secrets?: string[]; graceMs?: number; isReady?: () => Promise<boolean> };

function program({ code, secrets = [], graceMs = 2_000, isReady = async () => true }: Wish): Program {
  const env = { GREETING: "hello" };
  return {
    name: "the greeter",
    command: process.execPath,
    args: ["-e", code],
    env,
    cwd: "/",
    secrets,
    isReady,
    graceMs,
  };
}

async function start(wish: Wish): Promise<{ child: Child; lines: string[] }> {
  const lines: string[] = [];
  const leash = makeLeash();
  begun.push(leash);
  const child = await startChild(program(wish), leash, (line) => lines.push(line));
  begun.push(child);
  return { child, lines };
}

async function run(wish: Wish): Promise<string[]> {
  return (await start({ ...wish, code: `${wish.code}; setInterval(() => {}, 1000)` })).lines;
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string[]> {
  for await (const line of createInterface({ input: stream })) return [line];
  return [];
}
