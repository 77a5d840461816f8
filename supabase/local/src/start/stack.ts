/**
 * The embedded Supabase with everything that Sealpost needs of it: database, API, Realtime, edge functions, and a catcher
 * for outgoing mail. No gateway and no portal: what tests of single parts run against.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startApi } from "../api/start-api.ts";
import type { Leash } from "../children/leash.ts";
import { watchProcess } from "../children/watch.ts";
import { seed } from "../demo/seed.ts";
import {
  type Addresses,
  addressesOf,
  functionEnvironment,
  functionNames,
} from "../deployment/environment.ts";
import type { Deployment } from "../deployment/keys.ts";
import type { Organisation, Ports } from "../deployment/settings.ts";
import { type Functions, startFunctions } from "../functions/start.ts";
import { type Log, logOf } from "../log.ts";
import { applyMigrations } from "../migrations/apply-migrations.ts";
import { repositoryRoot } from "../migrations/supabase-cli.ts";
import { startOutgoing } from "../outgoing/start.ts";
import { type RunningPostgres, startPostgres } from "../postgres/start-postgres.ts";
import { makeRealtime } from "../realtime/server.ts";
import { makeUndo, type Undo } from "./cleanup.ts";

export type StackOptions = {
  readonly dataDir: string;
  /** All set: see resolvePorts. */
  readonly ports: Ports;
  readonly organisation: Organisation;
  readonly deployment: Deployment;
  readonly leash: Leash;
  /** False only for tests: faster, and a power cut may lose everything. */
  readonly durable: boolean;
  readonly log: Log;
  /** Gives the start up at its next step. */
  readonly signal?: AbortSignal;
};

export type Stack = {
  readonly addresses: Addresses;
  readonly mailWebUrl: string;
  databaseUrl: RunningPostgres["url"];
  isUp(): boolean;
  /** Resolves when the database has ended by itself: nothing here can go on without it. */
  readonly databaseGone: Promise<void>;
  stop(): Promise<void>;
};

type WatchedPostgres = RunningPostgres & { readonly gone: Promise<void> };

/** Starts all parts; on failure ends those that had begun, and throws. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const undo = makeUndo();
  try {
    return await begin(options, undo);
  } catch (error) {
    await undo.all().catch(() => {}); // the first failure is the one to tell
    throw error;
  }
}

async function begin(options: StackOptions, undo: Undo): Promise<Stack> {
  const { ports, deployment, organisation, log } = options;
  const addresses = addressesOf(ports, deployment);
  const outgoing = await startOutgoing({
    smtpPort: ports.mail,
    webPort: ports.mailWeb,
    mailDir: `${options.dataDir}-mail`,
  });
  undo.add(outgoing.stop);
  const [postgres, functions] = await startBoth(options, addresses, undo);
  options.signal?.throwIfAborted();
  await applyMigrations({ url: postgres.url("postgres"), log: logOf("database", log) });
  options.signal?.throwIfAborted();
  await startSupabase(options, postgres, functions, undo);
  log("seeding what a new deployment holds");
  await seed({ databaseUrl: postgres.url("postgres"), apiUrl: addresses.apiUrl, deployment, organisation });
  return {
    addresses,
    mailWebUrl: outgoing.webUrl,
    databaseUrl: postgres.url,
    isUp: functions.isUp,
    databaseGone: postgres.gone,
    stop: undo.all,
  };
}

/** Database and functions need nothing of each other to start, and both take a second. */
async function startBoth(
  options: StackOptions,
  addresses: Addresses,
  undo: Undo,
): Promise<[WatchedPostgres, Functions]> {
  const { deployment, organisation, leash, log } = options;
  log("starting the database and the edge functions");
  const database = beginDatabase(options, undo);
  const functions = startFunctions({
    names: functionNames,
    env: (name) => functionEnvironment(name, deployment, organisation, addresses),
    root: repositoryRoot,
    leash,
    log: logOf("functions", log),
  }).then((started) => {
    undo.add(started.stop);
    return started;
  });
  await Promise.allSettled([database, functions]); // so that a failure of one leaves no other half-begun
  return [await database, await functions];
}

async function beginDatabase(options: StackOptions, undo: Undo): Promise<WatchedPostgres> {
  const dataDir = join(options.dataDir, "postgres");
  const postgres = await startPostgres({
    dataDir,
    port: options.ports.database,
    password: options.deployment.databasePassword,
    durable: options.durable,
    log: logOf("database", options.log),
  });
  undo.add(postgres.stop);
  const pid = Number.parseInt(await readFile(join(dataDir, "postmaster.pid"), "utf8"), 10);
  const letGo = options.leash.hold(pid, "int");
  undo.add(async () => letGo());
  const watch = watchProcess(pid);
  undo.add(async () => watch.stop());
  return { ...postgres, gone: watch.gone };
}

async function startSupabase(
  options: StackOptions,
  postgres: RunningPostgres,
  functions: Functions,
  undo: Undo,
): Promise<void> {
  const { ports, deployment, organisation, log } = options;
  const { jwtSecret, anonKey, serviceRoleKey } = deployment;
  const realtime = await makeRealtime({
    databaseUrl: postgres.url("supabase_admin"),
    listenUrl: postgres.url("postgres"),
    jwtSecret,
    apikeys: [anonKey, serviceRoleKey],
    now: Date.now,
    log: logOf("realtime", log),
  });
  undo.add(realtime.stop);
  const api = await startApi({
    port: ports.api,
    databaseUrl: postgres.url("supabase_lite"),
    adminDatabaseUrl: postgres.url("supabase_admin"),
    jwtSecret,
    anonKey,
    serviceRoleKey,
    siteUrl: `http://localhost:${ports.portal}`,
    smtp: { host: "127.0.0.1", port: ports.mail, from: `notices@${organisation.noticeDomain}` },
    objectsDir: join(options.dataDir, "objects"),
    functionPorts: functions.ports,
    onRealtimeUpgrade: realtime.onUpgrade,
    log: logOf("api", log),
  });
  undo.add(api.stop);
}
