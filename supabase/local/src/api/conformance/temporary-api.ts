/**
 * The embedded API over a database of its own, for conformance tests: gone after `stop`.
 *
 * People in it are real users of Supabase Auth. The schema lets nobody in whom it does not know, so each is entered as a
 * machine account first.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import postgres, { type Sql } from "postgres";
import { temporaryPostgres } from "../../postgres/temporary-postgres.ts";
import { makeRealtime } from "../../realtime/server.ts";
import { signToken } from "../auth/token.ts";
import { startApi } from "../start-api.ts";

export const jwtSecret = "a secret of thirty-two characters or more";
const aYearSeconds = 31_536_000;

export type TemporaryApi = {
  readonly url: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
  /** As the superuser, to arrange and to look behind the API. */
  readonly sql: Sql;
  /** A client with the anon key. */
  anon(): SupabaseClient;
  /** A client with the service role key. */
  service(): SupabaseClient;
  /** A person who can sign in, and a client of theirs that has. */
  person(name: string): Promise<Person>;
  stop(): Promise<void>;
};

export type Person = { id: string; email: string; password: string; client: SupabaseClient };

export type TemporaryApiOptions = {
  readonly functionPorts?: Record<string, number>;
  readonly smtpPort?: number;
  /** Whom `@supabase/lite` signs in as; anything but its own role only to see what it would do with more power. */
  readonly liteRole?: "supabase_lite" | "supabase_admin";
};

/** Starts database, Realtime and API. */
export async function temporaryApi(options: TemporaryApiOptions = {}): Promise<TemporaryApi> {
  const database = await temporaryPostgres();
  const folder = await mkdtemp(join(tmpdir(), "sealpost-objects-"));
  const keys = { anonKey: keyOf("anon"), serviceRoleKey: keyOf("service_role") };
  const superuserUrl = database.url("supabase_admin");
  const realtime = await makeRealtime({
    databaseUrl: superuserUrl,
    listenUrl: superuserUrl,
    jwtSecret,
    apikeys: Object.values(keys),
    now: Date.now,
    log: () => undefined,
  });
  const api = await startApi({
    ...keys,
    port: 0,
    databaseUrl: database.url(options.liteRole ?? "supabase_lite"),
    adminDatabaseUrl: superuserUrl,
    jwtSecret,
    siteUrl: "http://localhost:8080",
    smtp: { host: "127.0.0.1", port: options.smtpPort ?? 9, from: "auth@notices.example" },
    objectsDir: join(folder, "objects"),
    functionPorts: options.functionPorts ?? {},
    onRealtimeUpgrade: realtime.onUpgrade,
    log: () => undefined,
  });
  const sql = postgres(superuserUrl, { max: 2, onnotice: () => undefined });
  const stop = async () => {
    await api.stop();
    await realtime.stop();
    await sql.end({ timeout: 1 });
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...keys, ...clientsOf(api.url, keys, sql), url: api.url, sql, stop };
}

function clientsOf(url: string, keys: { anonKey: string; serviceRoleKey: string }, sql: Sql) {
  const clientOf = (key: string) =>
    createClient(url, key, { auth: { autoRefreshToken: false, persistSession: false } });
  const anon = () => clientOf(keys.anonKey);
  const service = () => clientOf(keys.serviceRoleKey);
  const person = async (name: string): Promise<Person> => {
    const made = await admit(sql, service(), name);
    const client = anon();
    const { error } = await client.auth.signInWithPassword({ email: made.email, password: made.password });
    if (error !== null) throw error;
    return { ...made, client };
  };
  return { anon, service, person };
}

/** Lets an id and address into Supabase Auth. */
export async function expectUser(sql: Sql, id: string, email: string): Promise<void> {
  await sql`insert into private.machine_accounts (id, address) values (${id}, ${email})`;
}

async function admit(sql: Sql, service: SupabaseClient, name: string) {
  const id = randomUUID();
  const email = `${name}.${id.slice(0, 8)}@people.example`;
  const password = `${name}-Lantern-42`;
  await expectUser(sql, id, email);
  const { error } = await service.auth.admin.createUser({ id, email, password, email_confirm: true });
  if (error !== null) throw error;
  return { id, email, password };
}

function keyOf(role: string): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return signToken({ iss: "supabase", role, iat: nowSeconds, exp: nowSeconds + aYearSeconds }, jwtSecret);
}
