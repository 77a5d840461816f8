/**
 * A database of one's own for a test: hosted Supabase's platform and all migrations, on a port and in a folder that
 * nobody else has; gone after `stop`, and also when the test's process dies.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeLeash } from "../children/leash.ts";
import { freePort } from "../children/port.ts";
import { type RunningPostgres, startPostgres } from "./start-postgres.ts";
import { StartProblem } from "./start-problem.ts";
import { clusterPrefix, copyTemplate, temporaryPassword } from "./template.ts";

const portAttempts = 5; // another process may take a free port before Postgres does

/** A running temporary cluster; `password` is that of every role. `stop` removes everything. */
export type TemporaryPostgres = RunningPostgres & { readonly password: string };

/** Starts a fresh cluster: a second at first, about 0.3 s afterwards. */
export async function temporaryPostgres(): Promise<TemporaryPostgres> {
  const folder = await mkdtemp(join(tmpdir(), clusterPrefix));
  await chmod(folder, 0o711); // Postgres may run as another user
  const dataDir = join(folder, "db");
  await copyTemplate(dataDir);
  const leash = makeLeash();
  const remove = async () => {
    await leash.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const postgres = await startSomewhere(dataDir).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const letGo = leash.hold(postgres.pid, "int");
  return {
    ...postgres,
    password: temporaryPassword,
    async stop() {
      await postgres.stop();
      letGo();
      await remove();
    },
  };
}

async function startSomewhere(dataDir: string, attempt = 1): Promise<RunningPostgres> {
  try {
    const port = await freePort();
    return await startPostgres({ dataDir, port, password: temporaryPassword, durable: false, log: () => {} });
  } catch (error) {
    if (!(error instanceof StartProblem) || attempt === portAttempts) throw error;
    return startSomewhere(dataDir, attempt + 1);
  }
}
