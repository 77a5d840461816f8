/**
 * The portal's built files: made when they are missing or older than what they are made of.
 */
import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Leash } from "../children/leash.ts";
import type { Log } from "../log.ts";
import { repositoryRoot } from "../migrations/supabase-cli.ts";
import { StartProblem } from "../postgres/start-problem.ts";

/** Where the built portal lies. */
export const portalFolder = join(repositoryRoot, "pwa/dist");

const sources = [
  "pwa/src",
  "pwa/public",
  "pwa/build",
  "pwa/index.html",
  "pwa/vite.config.ts",
  "pwa/package.json",
  "shared/src",
];
const rememberedLines = 15;

/** Builds the portal if need be. */
export async function buildPortal(leash: Leash, log: Log): Promise<void> {
  const builtAt = await changedAt(join(portalFolder, "index.html"));
  const changes = await Promise.all(sources.map((source) => newestIn(join(repositoryRoot, source))));
  if (builtAt > Math.max(...changes)) return;
  log("building the portal, which takes a moment");
  await runBuild(leash);
}

async function newestIn(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true }).catch(() => null);
  const times = await Promise.all((entries ?? []).map((entry) => changedAt(join(path, entry))));
  return Math.max(await changedAt(path), ...times);
}

async function changedAt(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  return found?.mtimeMs ?? 0;
}

async function runBuild(leash: Leash): Promise<void> {
  const npm = process.env.npm_execpath;
  const [command, before] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const child = spawn(command, [...before, "--workspace", "pwa", "run", "build"], {
    cwd: repositoryRoot,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const letGo = child.pid === undefined ? () => {} : leash.hold(child.pid, "term");
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      lines.push(...text.trimEnd().split("\n"));
      lines.splice(0, lines.length - rememberedLines);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  letGo();
  if (code === 0) return;
  throw new StartProblem(`The portal could not be built; "npm -w pwa run build" says:\n${lines.join("\n")}`);
}
