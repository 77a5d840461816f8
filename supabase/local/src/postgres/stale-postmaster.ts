/**
 * A Postgres server that outlived the Sealpost that started it (`kill -9`): found by its `postmaster.pid` and stopped,
 * so that the next start works. One that belongs to a living Sealpost is left alone.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../log.ts";
import { isPostgresOf, processIdentity } from "./process-identity.ts";
import { StartProblem } from "./start-problem.ts";

const ownerFile = "sealpost-owner";
const fastShutdownMs = 20_000; // SIGINT writes a checkpoint first
const immediateShutdownMs = 5_000; // SIGQUIT does not; the next start recovers from the log

/** Writes down that this process runs the Postgres of `dataDir`. */
export async function claim(dataDir: string): Promise<void> {
  await writeFile(join(dataDir, ownerFile), `${await processIdentity(process.pid)}\n`);
}

/** Leaves `dataDir` without a running Postgres, or says which living Sealpost holds it. */
export async function stopStalePostmaster(dataDir: string, log: Log): Promise<void> {
  const pidFile = join(dataDir, "postmaster.pid");
  const pid = Number.parseInt(await readFile(pidFile, "utf8").catch(() => ""), 10);
  if (Number.isNaN(pid)) return;
  if (!(await isPostgresOf(pid, dataDir))) {
    await rm(pidFile, { force: true }); // after a power cut: the number may mean anybody now
    return;
  }
  await refuseLivingOwner(dataDir);
  log(`stopping the server that an earlier run left behind (process ${pid})`);
  await endProcess(pid);
}

/** Ends the server with that number: politely, and after a while at once. */
export async function endProcess(pid: number): Promise<void> {
  const began = await processIdentity(pid);
  if (began === null) return;
  process.kill(pid, "SIGINT");
  if (await isGone(pid, began, fastShutdownMs)) return;
  process.kill(pid, "SIGQUIT");
  await isGone(pid, began, immediateShutdownMs);
}

async function refuseLivingOwner(dataDir: string): Promise<void> {
  const owner = (await readFile(join(dataDir, ownerFile), "utf8").catch(() => "")).trim();
  const pid = Number.parseInt(owner, 10);
  if (Number.isNaN(pid) || pid === process.pid || (await processIdentity(pid)) !== owner) return;
  throw new StartProblem(
    `Sealpost already runs with the data folder ${dataDir} (process ${pid}); stop it first, or set SEALPOST_DATA to another folder.`,
  );
}

async function isGone(pid: number, identity: string, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    if ((await processIdentity(pid)) !== identity) return true;
    await pause(20);
  }
  return false;
}
