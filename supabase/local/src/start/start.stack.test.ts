/**
 * `npm start` itself, as a process: what it prints, how it ends, and what it finds again.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTransport } from "nodemailer";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../children/port.ts";
import { portNames, portVariables } from "../deployment/settings.ts";
import { childrenOf, stillRunning } from "../testing/offspring.ts";

const run = promisify(execFile);
const main = join(import.meta.dirname, "../main.ts");
const patience = { timeout: 120_000 };
const running: ChildProcess[] = [];
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sealpost-start-"));
  env = { SEALPOST_DATA: join(folder, "data"), PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
  for (const name of portNames) env[portVariables[name][0]] = String(await freePort());
});

afterAll(async () => {
  for (const child of running) child.kill("SIGTERM");
  await Promise.all(running.map(exitOf));
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test(
  "a newcomer starts Sealpost, sends the mail that it prints, ends it with Ctrl-C, and finds the mail again",
  patience,
  async () => {
    const first = start();
    await first.says("Sealpost is ready.");
    expect((await fetch(`${portalUrl()}/healthz`)).status).toBe(200);
    await sendFirstMail(first.line("printf "));
    await vi.waitFor(async () => expect(await caughtSubjects()).toHaveLength(2), { timeout: 30_000 });
    const offspring = await childrenOf(first.pid);
    expect(offspring.length).toBeGreaterThanOrEqual(8); // database, gateway, leash, five edge functions

    first.child.kill("SIGINT");
    first.child.kill("SIGINT"); // an impatient second one
    expect(await exitOf(first.child)).toBe(0);

    expect(await stillRunning(offspring)).toEqual([]);
    const second = start();
    await second.says("Sealpost is ready.");
    expect(await countMessages()).toBe(1);
    expect(await caughtSubjects()).toHaveLength(2);
  },
);

test("a second start in the same data folder is told who has it", patience, async () => {
  const second = start();

  expect(await exitOf(second.child)).toBe(1);
  expect(second.output()).toMatch(
    /^Sealpost already runs with the data folder .*process \d+.*SEALPOST_DATA.*\n$/,
  );
});

test(
  "after the whole of Sealpost was killed nothing runs on, and the next start finds the data",
  patience,
  async () => {
    const killed = running.at(-2); // the one that the first test left running
    const offspring = await childrenOf(killed?.pid ?? 0);
    killed?.kill("SIGKILL");
    await vi.waitFor(async () => expect(await stillRunning(offspring)).toEqual([]), { timeout: 15_000 });

    const next = start();
    await next.says("Sealpost is ready.");

    expect(await countMessages()).toBe(1);
    expect(next.output()).toContain("the last run was cut off");
  },
);

test("when the database dies, everything else ends, with a sentence", patience, async () => {
  const orphaned = running.at(-1);
  const offspring = await childrenOf(orphaned?.pid ?? 0);
  const database = await readFile(join(folder, "data/postgres/postmaster.pid"), "utf8");
  const complaints: string[] = [];
  orphaned?.stderr?.on("data", (text: string) => complaints.push(text));

  process.kill(Number.parseInt(database, 10), "SIGKILL");

  expect(await exitOf(orphaned as ChildProcess)).toBe(1);
  expect(complaints.join("")).toContain("The database ended by itself");
  expect(await stillRunning(offspring)).toEqual([]);
});

test("Ctrl-C during the start ends what had begun", patience, async () => {
  const starting = start();
  await starting.says("starting the database");
  const offspring = await childrenOf(starting.pid);

  starting.child.kill("SIGINT");

  expect(await exitOf(starting.child)).toBe(0);
  expect(starting.output()).not.toContain("Sealpost is ready.");
  expect(await stillRunning(offspring)).toEqual([]);
});

test("a port in use is named with its variable, and nothing is started", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => holder.once("listening", resolve));
  const port = (holder.address() as { port: number }).port;

  const refused = start({
    SEALPOST_DATA: join(folder, "other"),
    ...(await freePorts()),
    SEALPOST_SMTP_PORT: String(port),
  });

  expect(await exitOf(refused.child)).toBe(1);
  expect(refused.output()).toBe(
    `Port ${port} is in use by another program: stop it, or set SEALPOST_SMTP_PORT to a free port.\n`,
  );
  await new Promise((resolve) => holder.close(resolve));
});

test("a data folder of a newer Sealpost is refused with one sentence", async () => {
  const path = join(folder, "other/deployment.json");
  const deployment = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...deployment, version: 2 }));

  const refused = start({ SEALPOST_DATA: join(folder, "other"), ...(await freePorts()) });

  expect(await exitOf(refused.child)).toBe(1);
  expect(refused.output()).toMatch(/^[^\n]*version 2[^\n]*\n$/);
});

test("wrong variables are all named at once", async () => {
  const refused = start({ SEALPOST_SMTP_PORT: "x", SEALPOST_DOMAINS: "nowhere" });

  expect(await exitOf(refused.child)).toBe(1);
  expect(refused.output()).toContain("SEALPOST_SMTP_PORT");
  expect(refused.output()).toContain("SEALPOST_DOMAINS");
});

function start(more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main], {
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part) => (text += part));
  return {
    child,
    pid: child.pid ?? 0,
    output: () => text,
    line: (beginning: string) => text.split("\n").find((line) => line.startsWith(beginning)) ?? "",
    says: (words: string) =>
      vi.waitFor(() => expect(text).toContain(words), { timeout: 90_000, interval: 100 }),
  };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once("exit", resolve));
}

async function freePorts(): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const name of portNames) ports[portVariables[name][0]] = String(await freePort());
  return ports;
}

/** The printed line by bash where curl is installed; else the same mail by another client. */
async function sendFirstMail(line: string): Promise<void> {
  const hasCurl = await run("curl", ["--version"]).then(
    () => true,
    () => false,
  );
  if (hasCurl) return void (await run("bash", ["-c", line]));
  const transport = createTransport({
    host: "127.0.0.1",
    port: Number(env.SEALPOST_SMTP_PORT),
    ignoreTLS: true,
  });
  await transport.sendMail({
    from: "alice@acme.example",
    to: "bob@example.org",
    subject: "[secure] Hello",
    text: "Hello",
  });
}

function portalUrl(): string {
  return `http://localhost:${env.SEALPOST_PORTAL_PORT}`;
}

async function caughtSubjects(): Promise<string[]> {
  const answer = await fetch(`http://localhost:${env.SEALPOST_MAIL_WEB_PORT}/api/email`);
  return ((await answer.json()) as { subject: string }[]).map((mail) => mail.subject);
}

async function countMessages(): Promise<number> {
  const { databasePassword } = JSON.parse(await readFile(join(folder, "data/deployment.json"), "utf8"));
  const port = Number(env.SEALPOST_DB_PORT);
  const client = new Client({
    host: "127.0.0.1",
    port,
    user: "postgres",
    password: databasePassword,
    database: "postgres",
  });
  await client.connect();
  const counted = await client.query("select count(*)::integer as messages from public.messages");
  await client.end();
  return counted.rows[0].messages;
}
