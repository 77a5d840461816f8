/**
 * The embedded PostgreSQL with the platform of a hosted Supabase project in it, on loopback, password by SCRAM.
 *
 * Data survives restarts; a server that an earlier run left behind is stopped first. Whatever an operator can mend is
 * thrown as a StartProblem.
 */
import { resolve } from "node:path";
import type { Log } from "../log.ts";
import { findBinaries } from "./binaries.ts";
import { beginDataFolder, finishDataFolder, inspectDataFolder } from "./data-folder.ts";
import { type DatabaseRole, installPlatform, withClient } from "./platform.ts";
import { launchPostmaster, requireFreePort } from "./postmaster.ts";
import { postgresUser } from "./run-as.ts";
import { claim, stopStalePostmaster } from "./stale-postmaster.ts";
import { StartProblem } from "./start-problem.ts";

export type PostgresOptions = {
  readonly dataDir: string;
  readonly port: number;
  /** The password of every role; the folder remembers it, so it must be the same at each start. */
  readonly password: string;
  readonly log: Log;
  /** False only for tests: faster, and a power cut may lose everything. */
  readonly durable?: boolean;
};

export type RunningPostgres = {
  readonly port: number;
  /** The server's process, for a leash that ends it (SIGINT) when this process dies. */
  readonly pid: number;
  /** The connection URL of a role, with its password: never to be logged. */
  url(role: DatabaseRole): string;
  stop(): Promise<void>;
};

/** Starts Postgres, on the first time with `initdb` and the platform's roles and tables. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const [binaries, runAs] = await Promise.all([findBinaries(), postgresUser()]);
  await stopStalePostmaster(dataDir, options.log);
  await requireFreePort(options.port);
  const found = await inspectDataFolder(dataDir);
  if (found.kind === "absent") {
    options.log("making the database");
    await beginDataFolder(dataDir, { binaries, runAs, password: options.password });
  }
  const { port, log, durable = true } = options;
  const postmaster = await launchPostmaster({ binaries, runAs, dataDir, port, durable, log });
  const url = (role: DatabaseRole) => urlOf(role, options);
  try {
    await claim(dataDir);
    if (found.kind === "absent") {
      await installPlatform(url("supabase_admin"), options.password);
      await finishDataFolder(dataDir);
    } else {
      await tidy(url("supabase_admin"), dataDir);
    }
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
  return { port, pid: postmaster.pid, url, stop: () => postmaster.stop() };
}

function urlOf(role: DatabaseRole, { port, password }: PostgresOptions): string {
  return `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/** The first thing done in an old folder; also shows that the password is the folder's own. */
async function tidy(url: string, dataDir: string): Promise<void> {
  try {
    await withClient(url, (client) => client.query("select realtime.forget_old_messages()"));
  } catch (cause) {
    if (!isWrongPassword(cause)) throw cause;
    throw new StartProblem(
      `The data folder ${dataDir} was made with another database password; bring back its deployment.json, or set SEALPOST_DATA to another folder.`,
      { cause },
    );
  }
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "28P01";
}
