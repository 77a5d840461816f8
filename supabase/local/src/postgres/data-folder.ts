/**
 * The folder that holds the cluster: made by `initdb`, marked with the version of the platform in it, and never touched
 * when it was made by something else.
 *
 * A first start that was cut off leaves a mark beside the folder and is begun again.
 */
import { spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Binaries, postgresMajor } from "./binaries.ts";
import { commandAs, type RunAs } from "./run-as.ts";
import { StartProblem } from "./start-problem.ts";

/** Grows when the files in `platform/` change in a way that old folders lack. */
export const platformVersion = 1;

const versionFile = "sealpost-platform";

/** What was found where the data should be. */
export type DataFolder = { readonly kind: "absent" } | { readonly kind: "ready" };

/** Looks at the folder, and says in one sentence why it cannot be used where it cannot. */
export async function inspectDataFolder(dataDir: string): Promise<DataFolder> {
  if (await exists(unfinishedMark(dataDir))) {
    await rm(dataDir, { recursive: true, force: true });
    return { kind: "absent" };
  }
  const entries = await entriesOf(dataDir);
  if (entries.length === 0) return { kind: "absent" };
  requireSameMajor(dataDir, await firstLine(join(dataDir, "PG_VERSION")));
  requireKnownPlatform(dataDir, await firstLine(join(dataDir, versionFile)));
  return { kind: "ready" };
}

/** Makes an empty cluster whose superuser is supabase_admin. `finishDataFolder` has to follow. */
export async function beginDataFolder(
  dataDir: string,
  { binaries, runAs, password }: { binaries: Binaries; runAs: RunAs; password: string },
): Promise<void> {
  await mkdir(dirname(dataDir), { recursive: true });
  await writeFile(unfinishedMark(dataDir), "");
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (runAs !== null) await chown(dataDir, runAs.uid, runAs.gid);
  await withPasswordFile(password, runAs, (passwordFile) =>
    initdb(dataDir, { binaries, runAs, passwordFile }),
  );
}

/** Marks the folder as complete. */
export async function finishDataFolder(dataDir: string): Promise<void> {
  await writeFile(join(dataDir, versionFile), `${platformVersion}\n`);
  await rm(unfinishedMark(dataDir));
}

async function entriesOf(dataDir: string): Promise<string[]> {
  try {
    return await readdir(dataDir);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw new StartProblem(
      `The data folder ${dataDir} cannot be read by this user; start Sealpost as the user who made it, or set SEALPOST_DATA to another folder.`,
      { cause },
    );
  }
}

function requireSameMajor(dataDir: string, major: string | null): void {
  if (major === String(postgresMajor)) return;
  const what =
    major === null ? "holds something other than a Postgres cluster" : `was made by Postgres ${major}`;
  throw new StartProblem(
    `The data folder ${dataDir} ${what}, and Sealpost needs Postgres ${postgresMajor}; set SEALPOST_DATA to another folder.`,
  );
}

function requireKnownPlatform(dataDir: string, version: string | null): void {
  if (version === null) {
    throw new StartProblem(
      `The data folder ${dataDir} was not made by Sealpost; set SEALPOST_DATA to another folder.`,
    );
  }
  if (Number(version) > platformVersion) {
    throw new StartProblem(
      `The data folder ${dataDir} was made by a newer Sealpost; update Sealpost, or set SEALPOST_DATA to another folder.`,
    );
  }
}

async function initdb(
  dataDir: string,
  { binaries, runAs, passwordFile }: { binaries: Binaries; runAs: RunAs; passwordFile: string },
): Promise<void> {
  const args = [
    `--pgdata=${dataDir}`,
    "--username=supabase_admin",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8", // the same order and case on every machine, whatever locales it has
    "--no-instructions",
    "--no-sync", // 4 s saved; only a power cut in the half minute after the very first start could harm the folder
  ];
  const command = await commandAs(runAs, binaries.initdb, args, [dataDir, passwordFile]);
  const child = spawn(command.file, command.args, { ...command.user, stdio: ["ignore", "ignore", "pipe"] });
  const words: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => words.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0)
    throw new StartProblem(`The database could not be made in ${dataDir}: ${words.join("").trim()}`);
}

async function withPasswordFile(
  password: string,
  runAs: RunAs,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sealpost-initdb-"));
  try {
    const path = join(folder, "password");
    await writeFile(path, `${password}\n`, { mode: 0o600 });
    if (runAs !== null) await Promise.all([folder, path].map((one) => chown(one, runAs.uid, runAs.gid)));
    await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unfinishedMark(dataDir: string): string {
  return `${dataDir}.unfinished`;
}

async function exists(path: string): Promise<boolean> {
  return (await firstLine(path)) !== null;
}

async function firstLine(path: string): Promise<string | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  return text === null ? null : (text.split("\n")[0] ?? "");
}
