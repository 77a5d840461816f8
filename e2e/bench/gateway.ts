/**
 * The system under test: a gateway process on a durable PostgreSQL of its own, both thrown away afterwards.
 */
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { makeLeash } from "../../supabase/local/src/children/leash.ts";
import { gatewayEnvironment } from "../../supabase/local/src/deployment/environment.ts";
import { makeDeployment } from "../../supabase/local/src/deployment/keys.ts";
import { applyMigrations } from "../../supabase/local/src/migrations/apply-migrations.ts";
import { startPostgres } from "../../supabase/local/src/postgres/start-postgres.ts";
import { endOf, freePort } from "./process.ts";

export type System = {
  readonly port: number;
  /** How many messages the database holds. */
  stored(): Promise<number>;
  stop(): Promise<void>;
};

const organisation = {
  name: "Acme",
  domains: ["acme.example"],
  noticeDomain: "sealpost.acme.example",
  demo: null,
};

/** `nodeArgs` are for profilers. */
export async function startSystem(nodeArgs: readonly string[] = []): Promise<System> {
  const folder = await mkdtemp("/var/tmp/sealpost-bench-");
  await chmod(folder, 0o711); // Postgres may run as another user
  const deployment = makeDeployment(Date.now());
  const postgres = await startPostgres({
    dataDir: `${folder}/db`,
    port: await freePort(),
    password: deployment.databasePassword,
    log: () => {},
  });
  const leash = makeLeash(); // ends Postgres if the bench is killed
  leash.hold(postgres.pid, "int");
  await applyMigrations({ url: postgres.url("postgres"), log: () => {} });
  const client = new Client({ connectionString: postgres.url("postgres") });
  await client.connect();
  await client.query("insert into public.domains (domain) values ('acme.example') on conflict do nothing");
  const [smtpPort, healthPort] = [await freePort(), await freePort()];
  const nowhere = "http://127.0.0.1:9"; // no functions here: notices stay due
  const env = gatewayEnvironment(
    deployment,
    organisation,
    {
      apiUrl: nowhere,
      portalUrl: nowhere,
      outgoingSmtpUrl: "smtp://127.0.0.1:9",
      gatewayDatabaseUrl: postgres.url("sealpost_gateway"),
    },
    { smtpPort, healthPort, nextHop: "smtp://127.0.0.1:9" },
  );
  const main = fileURLToPath(new URL("../../gateway/src/main.ts", import.meta.url));
  const gateway = spawn(process.execPath, [...nodeArgs, main], {
    env: { ...env, PATH: process.env.PATH ?? "", NODE_NO_WARNINGS: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: gateway.stdout }).on(
      "line",
      (line) => line.startsWith("gateway ready") && resolve(),
    );
    gateway.once("exit", () => reject(new Error("the gateway did not start")));
  });
  return {
    port: smtpPort,
    stored: async () => Number((await client.query("select count(*) from public.messages")).rows[0].count),
    async stop() {
      await endOf(gateway);
      await client.end();
      await postgres.stop();
      await leash.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
