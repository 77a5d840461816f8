/**
 * Large sealed attachments in Supabase Storage: a random name is reserved in the database, then the machine account, which
 * may only insert reserved names and fetch what people attach in the portal, uploads the ciphertext as it flows.
 */
import { ReadableStream } from "node:stream/web";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Supabase } from "../config/config.ts";
import type { Database } from "../database/database.ts";

export type Storage = {
  /** Uploads a ciphertext of exactly so many bytes; gives its object name. Throws StorageAway, DatabaseProblem. */
  upload(cipherBytes: number, chunks: AsyncIterable<Uint8Array>): Promise<string>;
  /** What somebody uploaded for a portal mail; undefined where there is no such object. Throws StorageAway. */
  download(name: string): Promise<Uint8Array | undefined>;
};

/** Storage or its sign-in did not do as asked; the mail is to be sent again. */
export class StorageAway extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`Storage did not take an attachment (${code})`);
    this.name = "StorageAway";
    this.code = code;
  }
}

const bucket = "attachments";

/** A token is renewed when it has less than this to live: longer than any upload takes. */
const renewBeforeMs = 120_000;

export function makeStorage(ports: {
  readonly supabase: Supabase;
  readonly database: Database;
  readonly newObjectName: () => string;
  readonly now: () => number;
}): Storage {
  const client = createClient(ports.supabase.url, ports.supabase.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  const session = makeSession(client, ports.supabase, ports.now);
  return {
    async upload(cipherBytes, chunks) {
      const name = ports.newObjectName();
      await session.ready();
      await ports.database.call({
        name: "reserve_upload",
        text: "select private.reserve_upload($1, $2)",
        values: [name, cipherBytes],
      });
      const body = ReadableStream.from(chunks);
      const contentType = "application/octet-stream";
      const { error } = await client.storage.from(bucket).upload(name, body, { contentType, duplex: "half" });
      if (error === null) return name;
      session.forget();
      throw new StorageAway(codeOf(error));
    },
    async download(name) {
      await session.ready();
      const { data, error } = await client.storage.from(bucket).download(name);
      if (error === null) return new Uint8Array(await data.arrayBuffer());
      if (missing.has(codeOf(error))) return undefined;
      session.forget();
      throw new StorageAway(codeOf(error));
    },
  };
}

/** How Storage says that there is no such object, or none that this account may see. */
const missing = new Set(["404", "400", "not_found", "NoSuchKey"]);

/** The machine account's session: made when needed, renewed before it ends; uploads that wait for one share it. */
function makeSession(client: SupabaseClient, supabase: Supabase, now: () => number) {
  let validUntilMs = 0;
  let renewing: Promise<void> | undefined;

  const renew = async () => {
    const credentials = { email: supabase.machineEmail, password: supabase.machinePassword };
    const { data, error } = await client.auth.signInWithPassword(credentials);
    if (error !== null) throw new StorageAway(codeOf(error));
    validUntilMs = now() + (data.session?.expires_in ?? 0) * 1_000;
  };

  return {
    async ready() {
      if (now() + renewBeforeMs < validUntilMs) return;
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
      await renewing;
    },
    forget() {
      validUntilMs = 0;
    },
  };
}

/** A status or code; never the message, which may hold a URL. */
function codeOf(error: object): string {
  for (const field of ["code", "statusCode", "status"] as const) {
    const value = (error as Record<string, unknown>)[field];
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  return "no answer";
}
