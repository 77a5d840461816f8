/**
 * `@supabase/lite`, kept in bounds.
 *
 * Left alone it grants everything to everybody on its first request; told that row-level security is "active" it does not,
 * and its role could not. Only `front.ts` reaches it, with the paths that were looked at.
 */
import { inspect } from "node:util";
import { App, RelationNotFoundError, SmtpEmailDriver, setExperimental } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";
import postgres from "postgres";
import { makeFolderStore } from "../objects/folder-store.ts";
import { accessTokenSeconds } from "./auth/ports.ts";
import { asPostgrest } from "./rest/errors.ts";
import { postgrestTypes } from "./rest/formats.ts";

export type LiteOptions = {
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  readonly siteUrl: string;
  readonly smtp: { readonly host: string; readonly port: number; readonly from: string };
  readonly objectsDir: string;
};

/** PostgREST's limit on hosted Supabase. */
const mostRows = 1000;

export type Lite = Awaited<ReturnType<typeof makeLite>>;

/** Lite on its Postgres driver; `connection.driver.end()` ends it. */
export async function makeLite(options: LiteOptions) {
  keepDetailsOutOfTheConsole();
  const connection = createPostgresConnection({
    url: options.databaseUrl,
    postgresOptions: { types: postgrestTypes, onnotice: () => undefined },
  });
  Object.assign(connection, { rlsState: "active", normalizeDbError: asPostgrest });
  const app = new App({
    connection,
    auth: {
      enabled: true,
      jwt_secret: options.jwtSecret,
      jwt_expiry: accessTokenSeconds,
      site_url: options.siteUrl,
      enable_signup: false,
    },
    api: { enabled: true, schemas: ["public"], max_rows: mostRows },
    storage: { enabled: true, file_size_limit: "50MiB" },
    db: { migrations: { enabled: false } },
    studio: { enabled: false },
    options: {
      server: { apiKeys: false, admin: false, disableStudio: true },
      drivers: { email: new SmtpEmailDriver({ ...options.smtp, requireTls: false }) },
    },
  });
  app._storageAdapter = makeFolderStore(options.objectsDir);
  await app.init();
  setExperimental("storage", true); // not before: it would print a warning
  return { app, connection };
}

/** Lite prints every error of the database to the console, and their details carry people's values: leave the code. */
function keepDetailsOutOfTheConsole(): void {
  const print = (type: { prototype: object }, words: (error: { code?: string }) => string) =>
    Object.defineProperty(type.prototype, inspect.custom, {
      configurable: true,
      value(this: { code?: string }) {
        return words(this);
      },
    });
  print(postgres.PostgresError, ({ code }) => `[the database answered ${code}]`);
  print(RelationNotFoundError, () => "[no such table]");
}
