/**
 * The whole system, once for all journeys: stack, gateway and portal as `npm start` runs them, on free ports in a folder
 * that is removed afterwards.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings } from "@sealpost/supabase/local/src/deployment/settings.ts";
import { startSystem } from "@sealpost/supabase/local/src/start/system.ts";
import type { TestProject } from "vitest/node";

/** What a journey knows of the system. */
export type World = {
  readonly portalUrl: string;
  readonly apiUrl: string;
  readonly smtpPort: number;
  readonly mailWebUrl: string;
  readonly databaseUrl: string;
  readonly superuserUrl: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
  readonly dataDir: string;
  readonly demoPassword: string;
};

declare module "vitest" {
  interface ProvidedContext {
    world: World;
  }
}

const demoPassword = "lantern-Orchard-42-sail";
const log = (line: string) =>
  void (process.env.SEALPOST_TEST_LOG !== undefined && process.stderr.write(`${line}\n`));

/** Starts the system; returns what ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "sealpost-journey-"));
  const dataDir = join(folder, "data"); // caught mail lies beside it, as it does for an operator
  const parsed = parseSettings({ SEALPOST_DATA: dataDir, SEALPOST_DEMO_PASSWORD: demoPassword }, dataDir);
  if (parsed.kind === "wrong") throw new Error(parsed.problems.join("\n"));
  const ports = { smtp: 0, portal: 0, api: 0, database: 0, mail: 0, mailWeb: 0 };
  const system = await startSystem({ ...parsed.settings, ports, durable: false, log });
  const { stack, deployment } = system;
  project.provide("world", {
    portalUrl: stack.addresses.portalUrl,
    apiUrl: stack.addresses.apiUrl,
    smtpPort: system.ports.smtp,
    mailWebUrl: stack.mailWebUrl,
    databaseUrl: stack.databaseUrl("postgres"),
    superuserUrl: stack.databaseUrl("supabase_admin"),
    anonKey: deployment.anonKey,
    serviceRoleKey: deployment.serviceRoleKey,
    dataDir,
    demoPassword,
  });
  return async () => {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
