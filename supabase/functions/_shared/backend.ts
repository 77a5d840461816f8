/**
 * The project's own API with the service role's key: the SQL functions made for edge functions, and Auth's administration.
 *
 * It never holds a person's session, so that no call is made in somebody's name by mistake.
 */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";

export interface BackendAddress {
  readonly url: URL;
  readonly serviceRoleKey: string;
}

export interface Backend {
  /** The answer of an SQL function of the same name. Throws a BackendError. */
  call<T>(name: string, args: Readonly<Record<string, unknown>>): Promise<T>;
  readonly admin: SupabaseClient["auth"]["admin"];
  readonly storage: SupabaseClient["storage"];
}

/** The API refused or did not answer. `code` is a SQLSTATE, Auth's error code, or a status; there is no message to leak. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly code: string;

  constructor(what: string, code: string) {
    super(`${what}: ${code}`);
    this.code = code;
  }
}

export function connectBackend(address: BackendAddress): Backend {
  const client = newClient(address, {});
  return {
    async call<T>(name: string, args: Readonly<Record<string, unknown>>) {
      const { data, error, status } = await client.rpc(name, args);
      if (error) throw new BackendError(name, error.code || String(status));
      return data as T;
    },
    admin: client.auth.admin,
    storage: client.storage,
  };
}

/** A client that stores and refreshes nothing. */
export function newClient(address: BackendAddress, headers: Record<string, string>): SupabaseClient {
  return createClient(address.url.origin, address.serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { headers },
  });
}
