/**
 * Which process a number means: numbers are used again, so a process is its number and the moment it began.
 */
import { execFile } from "node:child_process";
import { readFile, readlink, realpath } from "node:fs/promises";
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

/** Says whether that process is a Postgres server that works in `dataDir`. */
export async function isPostgresOf(pid: number, dataDir: string): Promise<boolean> {
  const folder = await realpath(dataDir);
  if (process.platform !== "linux") return (await ps(pid, "command="))?.includes(folder) ?? false;
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  const works = await readlink(`/proc/${pid}/cwd`).catch(() => ""); // the server's working directory is its data folder
  return name.trim() === "postgres" && works === folder;
}

async function ps(pid: number, what: string): Promise<string | null> {
  const found = await run("ps", ["-ww", "-o", what, "-p", String(pid)]).catch(() => null);
  return found === null || found.stdout.trim() === "" ? null : found.stdout.trim();
}
