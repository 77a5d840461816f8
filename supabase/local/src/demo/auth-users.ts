/**
 * Users of Supabase Auth, put there through its admin API as an operator's script would.
 */
import { createClient } from "@supabase/supabase-js";

/** A user with a password. `wrap` names the pending wrap that goes with it; null for a machine. */
export type NewUser = {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly wrap: string | null;
};

export type AuthUsers = {
  /** Makes the user, or gives an existing one this password. */
  put(user: NewUser): Promise<void>;
};

/** Users of the project at `apiUrl`. */
export function authUsers(apiUrl: string, serviceRoleKey: string): AuthUsers {
  const { admin } = createClient(apiUrl, serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  }).auth;
  return {
    async put({ id, email, password, wrap }) {
      const attributes = { password, ...(wrap !== null && { app_metadata: { sealpost_wrap: wrap } }) };
      const made = await admin.createUser({ id, email, email_confirm: true, ...attributes });
      if (made.error === null) return;
      if (made.error.code !== "email_exists") {
        throw new Error("Auth did not make a user", { cause: made.error });
      }
      const changed = await admin.updateUserById(id, attributes);
      if (changed.error !== null) throw new Error("Auth did not change a user", { cause: changed.error });
    },
  };
}
