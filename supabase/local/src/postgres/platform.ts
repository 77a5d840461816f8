/**
 * The platform: what a hosted Supabase project has before the first migration. Roles, schemas, grants, the tables of
 * auth and storage (from @supabase/lite), broadcast, and the guard that refuses what hosted refuses.
 */
import { readFile } from "node:fs/promises";
import { getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import { Client } from "pg";

/** The roles of the stack that sign in. sealpost_gateway exists after the migrations. */
export const loginRoles = ["postgres", "authenticator", "supabase_lite"] as const;
export type DatabaseRole = "supabase_admin" | "sealpost_gateway" | (typeof loginRoles)[number];

/** The statements in their order, each text with the role that runs it. */
export async function platformSql(): Promise<{ role: string; sql: string }[]> {
  return [
    { role: "supabase_admin", sql: await sqlFile("1-roles") },
    { role: "supabase_auth_admin", sql: getAuthSchemaSql() + (await sqlFile("2-auth")) },
    { role: "supabase_storage_admin", sql: getStorageSchemaSql() + (await sqlFile("3-storage")) },
    { role: "supabase_realtime_admin", sql: await sqlFile("4-realtime") },
    { role: "supabase_admin", sql: await sqlFile("5-platform") },
  ];
}

/** Fills an empty cluster. `url` is the superuser's, `password` becomes every login's. */
export async function installPlatform(url: string, password: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query("begin");
    for (const { role, sql } of await platformSql()) {
      await client.query(`set local role ${role}`);
      await client.query(sql);
    }
    await client.query("reset role");
    for (const role of loginRoles) await setPassword(client, role, password);
    await client.query("commit");
  });
}

/** Gives a role its password; what the server says on failure cannot hold it (see the log settings). */
export async function setPassword(client: Client, role: DatabaseRole, password: string): Promise<void> {
  await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
}

/** Runs `work` on a connection of its own and ends it. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {}); // the query that is under way fails by itself
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function sqlFile(name: string): Promise<string> {
  return readFile(new URL(`platform/${name}.sql`, import.meta.url), "utf8");
}
