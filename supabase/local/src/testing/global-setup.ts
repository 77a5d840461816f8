/**
 * One embedded stack for all tests of the project `stack`: made before the first, ended after the last.
 *
 * Tests reach it by `inject("stack")`. They share it, so each makes people and messages of its own.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { makeLeash } from "../children/leash.ts";
import { type Deployment, makeDeployment } from "../deployment/keys.ts";
import { demoDomain, type Organisation } from "../deployment/settings.ts";
import { makeUndo, type Undo } from "../start/cleanup.ts";
import { resolvePorts } from "../start/ports.ts";
import { startStack } from "../start/stack.ts";

/** What a test knows of the stack. */
export type TestStack = {
  readonly apiUrl: string;
  readonly portalUrl: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
  readonly jwtSecret: string;
  readonly deployment: Deployment;
  readonly organisation: Organisation;
  readonly databaseUrls: { readonly superuser: string; readonly postgres: string; readonly gateway: string };
  /** Caught mail: `GET <mailWebUrl>/api/email`. */
  readonly mailWebUrl: string;
  readonly outgoingSmtpUrl: string;
  readonly dataDir: string;
};

declare module "vitest" {
  interface ProvidedContext {
    stack: TestStack;
  }
}

const organisation: Organisation = {
  name: "Acme",
  domains: [demoDomain],
  noticeDomain: `sealpost.${demoDomain}`,
  demo: { password: "lantern-Orchard-42-sail" },
};

/** Starts the stack and returns what ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const undo = makeUndo();
  try {
    project.provide("stack", await begin(undo));
  } catch (error) {
    await undo.all();
    throw error;
  }
  return undo.all;
}

async function begin(undo: Undo): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), "sealpost-stack-"));
  undo.add(() => rm(folder, { recursive: true, force: true }));
  const leash = makeLeash();
  undo.add(leash.stop);

  const dataDir = join(folder, "data");
  const deployment = makeDeployment(Date.now());
  const ports = await resolvePorts({ smtp: 0, portal: 0, api: 0, database: 0, mail: 0, mailWeb: 0 });
  const stack = await startStack({ dataDir, ports, organisation, deployment, leash, durable: false, log });
  undo.add(stack.stop);

  const { addresses, databaseUrl, mailWebUrl } = stack;
  const { apiUrl, portalUrl, outgoingSmtpUrl } = addresses;
  const { anonKey, serviceRoleKey, jwtSecret } = deployment;
  const databaseUrls = {
    superuser: databaseUrl("supabase_admin"),
    postgres: databaseUrl("postgres"),
    gateway: databaseUrl("sealpost_gateway"),
  };
  return {
    ...{ apiUrl, portalUrl, outgoingSmtpUrl, mailWebUrl, databaseUrls, dataDir },
    ...{ anonKey, serviceRoleKey, jwtSecret, deployment, organisation },
  };
}

/** Silent unless somebody looks for a fault in the stack itself. */
function log(line: string): void {
  if (process.env.SEALPOST_TEST_LOG !== undefined) process.stderr.write(`${line}\n`);
}
