/**
 * The processes that a process has started, told apart from later ones with the same number.
 */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { processIdentity } from "../postgres/process-identity.ts";

const run = promisify(execFile);

/** Identities of the children of `pid`. */
export async function childrenOf(pid: number): Promise<string[]> {
  const pairs = process.platform === "linux" ? await parentsByProc() : await parentsByPs();
  const identities = pairs.filter(([, parent]) => parent === pid).map(([child]) => processIdentity(child));
  return (await Promise.all(identities)).filter((identity) => identity !== null);
}

/** Bare Debian has no `ps`; see proc(5) for the fields of `stat`. */
async function parentsByProc(): Promise<[number, number][]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return stats.map((stat, at) => [
    Number(pids[at]),
    Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]),
  ]);
}

async function parentsByPs(): Promise<[number, number][]> {
  const { stdout } = await run("ps", ["-axo", "pid=,ppid="]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
}

/** Those of `identities` that have not ended. */
export async function stillRunning(identities: readonly string[]): Promise<string[]> {
  const now = await Promise.all(identities.map((identity) => processIdentity(Number.parseInt(identity, 10))));
  return identities.filter((identity, at) => now[at] === identity);
}
