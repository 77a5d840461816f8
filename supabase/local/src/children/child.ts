/**
 * A program that runs beside us: started, watched, started again when it dies, and ended with us.
 *
 * It gets exactly the environment it is given. What it writes goes to the log line by line, its secrets blotted out.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { Leash } from "./leash.ts";

export type Program = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Values that its output may not show. */
  readonly secrets: readonly string[];
  /** Whether it can be used; asked again and again until it answers yes. */
  readonly isReady: () => Promise<boolean>;
  /** How long it may take to end by itself before it is killed. */
  readonly graceMs: number;
};

export type Child = {
  /** Whether it ran and was usable when last seen. */
  isUp(): boolean;
  stop(): Promise<void>;
};

type Running = ChildProcessByStdio<Writable, Readable, Readable>;
type Life = { process: Running | undefined; exited: Promise<void>; stopping: boolean; up: boolean };

const readyWithinMs = 60_000; // a cold Deno on a slow disk compiles for a while
const readyPollMs = 25;
const firstRetryMs = 250;
const longestRetryMs = 10_000;
const soundAfterMs = 30_000;
const longestLine = 500;

/**
 * Starts a program and resolves when it is ready.
 *
 * Throws when it ends or stays silent before it was ready for the first time; later deaths are mended here.
 */
export async function startChild(program: Program, leash: Leash, log: Log): Promise<Child> {
  const life: Life = { process: undefined, exited: Promise.resolve(), stopping: false, up: false };
  begin(program, life, leash, log);
  try {
    await becomeReady(program, life);
  } catch (error) {
    await end(program, life);
    throw error;
  }
  const watching = keepAlive(program, life, leash, log);
  return {
    isUp: () => life.up,
    async stop() {
      await end(program, life);
      await watching;
    },
  };
}

function begin(program: Program, life: Life, leash: Leash, log: Log): void {
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: program.env,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true, // Ctrl-C reaches us alone; we end our children in order
  });
  const letGo = child.pid === undefined ? () => {} : leash.hold(child.pid, "term");
  const write = (line: string) => log(blot(line, program.secrets).slice(0, longestLine));
  createInterface({ input: child.stdout }).on("line", write);
  createInterface({ input: child.stderr }).on("line", write);
  child.stdin.on("error", () => {});
  life.process = child;
  life.exited = new Promise((resolve) => {
    const gone = () => {
      life.process = undefined;
      life.up = false;
      letGo();
      resolve();
    };
    child.once("exit", gone);
    child.once("error", gone);
  });
}

async function becomeReady(program: Program, life: Life): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  while (!(await program.isReady())) {
    if (life.process === undefined) throw new Error(`${program.name} ended before it was ready`);
    if (performance.now() > deadline)
      throw new Error(`${program.name} was not ready in ${readyWithinMs / 1000} s`);
    await delay(readyPollMs);
  }
  if (life.process === undefined) throw new Error(`${program.name} ended before it was ready`);
  life.up = true;
}

async function keepAlive(program: Program, life: Life, leash: Leash, log: Log): Promise<void> {
  let retryMs = firstRetryMs;
  let bornAt = performance.now();
  for (;;) {
    await life.exited;
    if (life.stopping) return;
    if (performance.now() - bornAt > soundAfterMs) retryMs = firstRetryMs;
    log(`ended unexpectedly, starting it again in ${retryMs} ms`);
    await delay(retryMs);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
    if (life.stopping) return;
    bornAt = performance.now();
    begin(program, life, leash, log);
    await becomeReady(program, life).catch(() => life.process?.kill("SIGKILL"));
  }
}

async function end(program: Program, life: Life): Promise<void> {
  life.stopping = true;
  const child = life.process;
  if (child === undefined) return;
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), program.graceMs);
  await life.exited;
  clearTimeout(impatience);
}

/** A line in which no secret can be read. */
function blot(line: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => (secret === "" ? text : text.replaceAll(secret, "[secret]")), line);
}
