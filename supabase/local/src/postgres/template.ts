/**
 * A stopped cluster with the platform and all migrations in it, kept in the machine's temporary folder, so that a test
 * gets a database in the time of a copy. Named after all that went into it: a change makes a new one.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../children/port.ts";
import { applyMigrations } from "../migrations/apply-migrations.ts";
import { repositoryRoot } from "../migrations/supabase-cli.ts";
import { platformVersion } from "./data-folder.ts";
import { platformSql } from "./platform.ts";
import { processIdentity } from "./process-identity.ts";
import { startPostgres } from "./start-postgres.ts";

/** The password of every temporary cluster; none outlives its test or leaves loopback. */
export const temporaryPassword = "temporary";

const run = promisify(execFile);
/** How the folders of temporary clusters begin. */
export const clusterPrefix = "sealpost-postgres-";

const prefix = "sealpost-template-";
const keptMs = 24 * 3_600_000;

/** Copies the template to `dataDir`; makes it first where it is missing, once, whoever else asks at the same time. */
export async function copyTemplate(dataDir: string): Promise<void> {
  await forgetLeftovers();
  await run("cp", ["-a", await templateFolder(), dataDir]); // keeps owner and mode, which Postgres checks
}

async function templateFolder(): Promise<string> {
  const folder = join(tmpdir(), prefix + (await fingerprint()));
  while (!(await exists(folder))) {
    const letGo = await lock(`${folder}.lock`);
    if (letGo === null) await pause(50);
    else await build(folder).finally(letGo);
  }
  return join(folder, "db");
}

async function build(folder: string): Promise<void> {
  if (await exists(folder)) return;
  const building = `${folder}.building`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building);
  await chmod(building, 0o711); // Postgres may run as another user
  const port = await freePort();
  const dataDir = join(building, "db");
  const postgres = await startPostgres({
    dataDir,
    port,
    password: temporaryPassword,
    durable: false,
    log: () => {},
  });
  try {
    await applyMigrations({ url: postgres.url("postgres"), log: () => {} });
  } finally {
    await postgres.stop();
  }
  await rename(building, folder);
}

/** Everything that decides what is in the template. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256").update(`${platformVersion} ${process.getuid?.()} ${temporaryPassword}`);
  for (const { role, sql } of await platformSql()) hash.update(`${role}\0${sql}\0`);
  const migrations = join(repositoryRoot, "supabase/migrations");
  for (const name of (await readdir(migrations)).sort()) {
    hash.update(`${name}\0`).update(await readFile(join(migrations, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Takes the lock, or returns null while a living process has it. */
async function lock(path: string): Promise<(() => Promise<void>) | null> {
  try {
    await writeFile(path, (await processIdentity(process.pid)) ?? "", { flag: "wx" });
    return () => rm(path, { force: true });
  } catch {
    const holder = await readFile(path, "utf8").catch(() => null);
    const isAbandoned =
      holder !== null && holder !== "" && (await processIdentity(Number.parseInt(holder, 10))) !== holder;
    if (isAbandoned) await rm(path, { force: true });
    return null;
  }
}

/** Removes templates that nobody asks for any more, and clusters of tests that were killed. */
async function forgetLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix) && !name.startsWith(clusterPrefix)) continue;
    const found = await stat(join(tmpdir(), name)).catch(() => null);
    const isOld = found !== null && Date.now() - found.mtimeMs > keptMs;
    if (isOld) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
