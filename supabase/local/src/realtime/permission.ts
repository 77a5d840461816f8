/**
 * Who may listen and speak on a private channel: asked of the row-level security on `realtime.messages`, in the way
 * hosted Realtime asks it.
 *
 * Every check runs in a transaction that is rolled back, so that it leaves no row and announces nothing.
 */
import { randomUUID } from "node:crypto";
import { Pool, type PoolClient } from "pg";
import type { Claims } from "./token.ts";

/** What an account may do on one topic. */
export type Permission =
  | { readonly kind: "granted"; readonly mayBroadcast: boolean }
  | { readonly kind: "refused" };

/** Asks the database. `close` ends its connections. */
export type Permissions = {
  check(topic: string, claims: Claims): Promise<Permission>;
  close(): Promise<void>;
};

const connectionLimit = 4; // a check takes about a millisecond; more would only take connections from others

/** Permissions asked over `databaseUrl`, whose role must own or bypass `realtime.messages` and read `auth.sessions`. */
export function makePermissions(databaseUrl: string, onTrouble: (error: Error) => void): Permissions {
  const pool = new Pool({ connectionString: databaseUrl, max: connectionLimit, allowExitOnIdle: true });
  pool.on("error", onTrouble);
  return {
    check: (topic, claims) => inRolledBack(pool, (client) => ask(client, topic, claims)),
    close: () => pool.end(),
  };
}

async function ask(client: PoolClient, topic: string, claims: Claims): Promise<Permission> {
  if (!(await sessionLives(client, claims))) return { kind: "refused" };
  const id = randomUUID();
  await client.query(
    `insert into realtime.messages (id, topic, extension, event, payload, private)
     values ($1, $2, 'broadcast', 'permission', '{}', true)`,
    [id, topic],
  );
  await client.query(
    `select set_config('role', $1, true), set_config('realtime.topic', $2, true),
            set_config('request.jwt.claims', $3, true)`,
    [claims.role, topic, claims.all],
  );
  if (!(await sees(client, id))) return { kind: "refused" };
  return { kind: "granted", mayBroadcast: await maySpeak(client, topic) };
}

async function sessionLives(client: PoolClient, claims: Claims): Promise<boolean> {
  if (claims.role !== "authenticated") return true;
  const found = await client.query("select from auth.sessions where id = $1::uuid", [claims.sessionId]);
  return found.rowCount === 1;
}

async function sees(client: PoolClient, id: string): Promise<boolean> {
  try {
    await client.query("savepoint seeing");
    const seen = await client.query("select from realtime.messages where id = $1", [id]);
    return seen.rowCount === 1;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await client.query("rollback to savepoint seeing");
    return false;
  }
}

async function maySpeak(client: PoolClient, topic: string): Promise<boolean> {
  try {
    await client.query("savepoint speaking");
    await client.query(
      `insert into realtime.messages (topic, extension, event, payload, private)
       values ($1, 'broadcast', 'permission', '{}', true)`,
      [topic],
    );
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await client.query("rollback to savepoint speaking");
    return false;
  }
}

const insufficientPrivilege = "42501"; // both a missing grant and a policy that says no

function isRefusal(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === insufficientPrivilege;
}

async function inRolledBack<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    return await work(client);
  } catch (error) {
    broken = error instanceof Error ? error : new Error("permission check failed", { cause: error });
    throw broken;
  } finally {
    await client.query("rollback").catch((error: Error) => {
      broken ??= error;
    });
    client.release(broken);
  }
}
