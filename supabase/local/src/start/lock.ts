/**
 * One Sealpost a data folder: the file `running` names the process that works in it.
 *
 * A process is its number and the moment it began, so that a file left by a killed Sealpost locks nobody out.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { processIdentity } from "../postgres/process-identity.ts";
import { StartProblem } from "../postgres/start-problem.ts";

export type Lock = {
  /** Whether the Sealpost before this one was cut off. */
  readonly afterCrash: boolean;
  release(): Promise<void>;
};

/** Takes the folder for this process, or throws a StartProblem that names the one that has it. */
export async function lockDataFolder(dataDir: string): Promise<Lock> {
  const path = join(dataDir, "running");
  const own = `${await processIdentity(process.pid)}\n`;
  const earlier = await readFile(path, "utf8").catch(() => null);
  if (earlier !== null) {
    await refuseLiving(earlier.trim(), dataDir);
    await rm(path, { force: true });
  }
  try {
    await writeFile(path, own, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new StartProblem(
      `Another Sealpost is starting with the data folder ${dataDir}: wait for it, or stop it.`,
      {
        cause,
      },
    );
  }
  return { afterCrash: earlier !== null, release: () => rm(path, { force: true }) };
}

async function refuseLiving(identity: string, dataDir: string): Promise<void> {
  const pid = Number.parseInt(identity, 10);
  if (Number.isNaN(pid) || (await processIdentity(pid)) !== identity) return;
  throw new StartProblem(
    `Sealpost already runs with the data folder ${dataDir} (process ${pid}): stop it first, or set SEALPOST_DATA to another folder.`,
  );
}
