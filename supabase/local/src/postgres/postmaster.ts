/**
 * The Postgres server as a process: started in a session of its own, so that Ctrl-C in the terminal does not reach it
 * before everything that needs it has drained, and stopped by `stop` alone.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { isPortFree } from "../children/port.ts";
import type { Log } from "../log.ts";
import type { Binaries } from "./binaries.ts";
import { commandAs, type RunAs } from "./run-as.ts";
import { endProcess } from "./stale-postmaster.ts";
import { StartProblem } from "./start-problem.ts";

/** What a server needs to start. */
export type Launch = {
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  readonly dataDir: string;
  readonly port: number;
  readonly durable: boolean;
  readonly log: Log;
};

/** A running server. `stop` resolves when its process has ended. */
export type Postmaster = { readonly pid: number; stop(): Promise<void> };

const readyLine = "database system is ready to accept connections";
const rememberedLines = 20;

/** Starts the server on loopback and resolves when it takes connections. */
export async function launchPostmaster(launch: Launch): Promise<Postmaster> {
  const args = ["-D", launch.dataDir, "-p", String(launch.port), ...settings(launch.durable)];
  const command = await commandAs(launch.runAs, launch.binaries.postgres, args, [launch.dataDir]);
  const child = spawn(command.file, command.args, {
    ...command.user,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const pid = await untilReady(child, launch.log);
  return {
    pid,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await endProcess(pid);
      await ended;
    },
  };
}

/** The data folder is copied into backups and searched by nobody: no statement and no parameter may reach the log. */
function settings(durable: boolean): string[] {
  const values = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    max_connections: "100",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

function untilReady(child: ChildProcess, log: Log): Promise<number> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      lines.push(...text.trimEnd().split("\n"));
      lines.splice(0, lines.length - rememberedLines);
      if (text.includes(readyLine) && child.pid !== undefined) resolve(child.pid);
      for (const line of text.split("\n")) if (isWorthTelling(line)) log(afterPrefix(line));
    });
    child.once("error", (cause) => reject(new StartProblem("Postgres could not be started.", { cause })));
    child.once("close", () => reject(new StartProblem(`Postgres did not start: ${reasonIn(lines)}.`)));
  });
}

/** What an operator should see; that connections end when the server stops is no news. */
function isWorthTelling(line: string): boolean {
  return / (FATAL|PANIC): {2}/.test(line) && !/terminating |is (starting up|shutting down)/.test(line);
}

function reasonIn(lines: readonly string[]): string {
  const fatal = lines.find((line) => /(FATAL|PANIC|LOG): .*(could not|must|lock file|FATAL)/.test(line));
  return afterPrefix(fatal ?? lines.at(-1) ?? "it ended without a word");
}

function afterPrefix(line: string): string {
  return line.replace(/^.*?(FATAL|PANIC|LOG|ERROR): {2}/, "");
}

/** Says which variable to set when something else listens on the port. */
export async function requireFreePort(port: number): Promise<void> {
  if (await isPortFree(port, "127.0.0.1")) return;
  throw new StartProblem(
    `Port ${port} for Postgres is in use by another program; stop that program, or set SEALPOST_DB_PORT to a free port.`,
  );
}
