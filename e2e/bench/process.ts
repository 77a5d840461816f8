/**
 * Running programs for the bench, each in its own process, none left behind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Measured } from "./load.ts";

/** What a program wrote; throws with its complaints where it failed. */
export async function run(
  command: string,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<string> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let out = "";
  let complaints = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    complaints += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} failed: ${complaints || out}`);
  return out;
}

export type Load = {
  readonly port: number;
  readonly clients: number;
  readonly seconds: number;
  readonly bytes: number;
};

/** One run of the load generator. */
export async function measure({ port, clients, seconds, bytes }: Load): Promise<Measured> {
  const program = fileURLToPath(new URL("./load.ts", import.meta.url));
  const args = [port, clients, seconds, bytes].map(String);
  return JSON.parse(await run(process.execPath, [program, ...args])) as Measured;
}

export async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Resolves when a loopback port answers. */
export async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const answers = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answers) return;
    await delay(50);
  }
  throw new Error(`nothing answers on port ${port}`);
}
