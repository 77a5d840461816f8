/**
 * Edge functions on real Deno: one process each, running its own unmodified `index.ts`.
 *
 * A function may reach the API and, where it sends mail, the mail server; it reads only sources and packages, and knows
 * only the variables it was given. Nothing is fetched: what is not installed does not exist.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Child, type Program, startChild } from "../children/child.ts";
import type { Leash } from "../children/leash.ts";
import { freePort, isPortAnswering } from "../children/port.ts";
import { type Log, logOf } from "../log.ts";

export type FunctionsOptions<Name extends string> = {
  readonly names: readonly Name[];
  /** What each function is told. */
  readonly env: (name: Name) => Readonly<Record<string, string>>;
  /** The repository's root. */
  readonly root: string;
  readonly leash: Leash;
  readonly log: Log;
};

export type Functions = {
  readonly ports: Readonly<Record<string, number>>;
  isUp(): boolean;
  stop(): Promise<void>;
};

const graceMs = 5_000;
const publicVariables = [
  "SUPABASE_URL",
  "SEALPOST_PORTAL_URL",
  "SEALPOST_ORGANISATION",
  "SEALPOST_NOTICE_DOMAIN",
];

/** Starts every named function and resolves when all answer. */
export async function startFunctions<Name extends string>(
  options: FunctionsOptions<Name>,
): Promise<Functions> {
  const ports: Record<string, number> = {};
  for (const name of options.names) ports[name] = await freePort();
  const starting = options.names.map((name) =>
    startChild(program(name, ports[name] ?? 0, options), options.leash, logOf(name, options.log)),
  );
  const settled = await Promise.allSettled(starting);
  const children = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = settled.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await stopAll(children);
    throw failed.reason;
  }
  return { ports, isUp: () => children.every((child) => child.isUp()), stop: () => stopAll(children) };
}

async function stopAll(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
}

function program<Name extends string>(name: Name, port: number, options: FunctionsOptions<Name>): Program {
  const told = options.env(name);
  const folder = join(options.root, "supabase/functions");
  return {
    name: `edge function ${name}`,
    command: denoPath(),
    args: ["run", ...flags(told, port, options.root), join(folder, name, "index.ts")],
    env: {
      ...told,
      DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`,
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      ...home(),
    },
    cwd: folder,
    secrets: Object.entries(told).flatMap(([key, value]) => (publicVariables.includes(key) ? [] : [value])),
    isReady: () => isPortAnswering(port),
    graceMs,
  };
}

function flags(told: Readonly<Record<string, string>>, port: number, root: string): string[] {
  const reachable = [`127.0.0.1:${port}`, ...addressesIn(told)];
  const readable = [
    "node_modules",
    "shared",
    "supabase/functions",
    "supabase/templates",
    "supabase/package.json",
  ];
  return [
    "--no-prompt",
    "--node-modules-dir=manual",
    "--cached-only",
    "--no-remote",
    `--allow-net=${reachable.join(",")}`,
    `--allow-env=${[...Object.keys(told), ...packageVariables].join(",")}`,
    `--allow-read=${readable.map((path) => join(root, path)).join(",")}`,
    "--allow-sys=hostname,networkInterfaces", // nodemailer greets with the one and picks IPv4 or IPv6 by the other
  ];
}

/** Variables that npm packages look up and that are not set. */
const packageVariables = ["NODE_ENV", "NODE_DEBUG", "WS_NO_BUFFER_UTIL", "WS_NO_UTF_8_VALIDATE"];

function addressesIn(told: Readonly<Record<string, string>>): string[] {
  const urls = [told.SUPABASE_URL, told.SEALPOST_SMTP_URL].flatMap((text) => URL.parse(text ?? "") ?? []);
  return urls.map((url) => (url.port === "" ? url.hostname : url.host));
}

/** Where Deno keeps its compile cache: a home is all it needs of our own environment. */
function home(): Record<string, string> {
  const { HOME, DENO_DIR, PATH } = process.env;
  return { ...(HOME && { HOME }), ...(DENO_DIR && { DENO_DIR }), ...(PATH && { PATH }) };
}

function denoPath(): string {
  const folder = dirname(createRequire(import.meta.url).resolve("deno/package.json"));
  const path = join(folder, process.platform === "win32" ? "deno.exe" : "deno");
  if (!existsSync(path)) throw new Error(`Deno is not installed in ${folder}: run "npm install" again.`);
  return path;
}
