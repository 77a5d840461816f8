/**
 * Which process a number means: numbers are used again, so a process is its number and the moment it began.
 */
import { execFile } from "node:child_process";
import { readFile, realpath } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A text that only this process ever has on this machine; null when no such process lives. */
export async function processIdentity(pid: number): Promise<string | null> {
  if (process.platform === "linux") {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
    if (stat === null) return null;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from field 3 on, see proc(5)
    return fields[0] === "Z" ? null : `${pid} ${fields[19]}`; // field 22: start time in ticks since boot
  }
  const started = await ps(pid, "lstart=");
  return started === null ? null : `${pid} ${started}`;
}

/** Says whether that process is the Postgres server of `dataDir`. */
export async function isPostgresOf(pid: number, dataDir: string): Promise<boolean> {
  const words = await commandLine(pid); // its working directory would tell too, but not to root without CAP_SYS_PTRACE
  const flag = words.indexOf("-D");
  const folder = words[flag + 1];
  if (!basename(words[0] ?? "").startsWith("postgres") || flag === -1 || folder === undefined) return false;
  return (await realpath(folder).catch(() => folder)) === (await realpath(dataDir));
}

async function commandLine(pid: number): Promise<string[]> {
  if (process.platform !== "linux") return ((await ps(pid, "command=")) ?? "").split(" ");
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
}

async function ps(pid: number, what: string): Promise<string | null> {
  const found = await run("ps", ["-ww", "-o", what, "-p", String(pid)]).catch(() => null);
  return found === null || found.stdout.trim() === "" ? null : found.stdout.trim();
}
