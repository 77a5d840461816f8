/**
 * The gateway as a process of its own: no code of it is imported here.
 */
import { join } from "node:path";
import { type Child, startChild } from "../children/child.ts";
import type { Leash } from "../children/leash.ts";
import type { Told } from "../deployment/environment.ts";
import { type Log, logOf } from "../log.ts";
import { repositoryRoot } from "../migrations/supabase-cli.ts";

const drainMs = 20_000; // mails in transit are finished first
const answerWithinMs = 1_000;
const secretVariables = /(_KEY|_PASSWORD|_DATABASE_URL|_MAC_KEY)$/;

/** Starts the gateway with this environment and resolves when it takes mail. */
export function startGateway(told: Told, healthPort: number, leash: Leash, log: Log): Promise<Child> {
  const program = {
    name: "the gateway",
    command: process.execPath,
    args: [join(repositoryRoot, "gateway/src/main.ts")],
    env: { ...told, NODE_NO_WARNINGS: "1", ...(process.env.PATH && { PATH: process.env.PATH }) },
    cwd: repositoryRoot,
    secrets: Object.entries(told).flatMap(([name, value]) => (secretVariables.test(name) ? [value] : [])),
    isReady: () => isHealthy(`http://127.0.0.1:${healthPort}/healthz`),
    graceMs: drainMs,
  };
  return startChild(program, leash, logOf("gateway", log));
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
