/**
 * Under which user Postgres runs: one's own, or, as Postgres refuses root, a user of its own named "postgres".
 *
 * That user may be kept out of the folder where Sealpost lies (`/root` is closed to others); then the process, and
 * only it, gets the right to enter folders regardless.
 */
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { StartProblem } from "./start-problem.ts";

const run = promisify(execFile);

/** The user of the Postgres processes; null means one's own. */
export type RunAs = { readonly uid: number; readonly gid: number } | null;

/** A command as `spawn` takes it. */
export type Command = {
  readonly file: string;
  readonly args: readonly string[];
  readonly user: { uid?: number; gid?: number };
};

/** Returns the user that may run Postgres here, and makes it where root has none. */
export async function postgresUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return null;
  return (await existingUser()) ?? (await makeUser());
}

/** The command that runs `file` as that user, able to enter `folders`. */
export async function commandAs(
  runAs: RunAs,
  file: string,
  args: readonly string[],
  folders: readonly string[],
): Promise<Command> {
  if (runAs === null) return { file, args, user: {} };
  const reachable = await Promise.all([file, ...folders].map((path) => mayReach(runAs, path)));
  if (reachable.every(Boolean)) return { file, args, user: { ...runAs } };
  const enterAnyFolder = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  const identity = [`--reuid=${runAs.uid}`, `--regid=${runAs.gid}`, "--clear-groups"];
  return { file: "setpriv", args: [...identity, ...enterAnyFolder, file, ...args], user: {} };
}

async function existingUser(): Promise<RunAs> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // `id` fails where no such user is
  }
}

async function makeUser(): Promise<RunAs> {
  try {
    await run("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/usr/sbin/nologin",
      "postgres",
    ]);
  } catch (cause) {
    throw new StartProblem(
      'Postgres does not run as root, and a user "postgres" could not be made; make one with useradd, or start Sealpost as an ordinary user.',
      { cause },
    );
  }
  return existingUser();
}

async function mayReach(runAs: { uid: number; gid: number }, path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found !== null) {
      const enterBit = found.uid === runAs.uid ? 0o100 : found.gid === runAs.gid ? 0o010 : 0o001;
      if ((found.mode & enterBit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}
