/** Accounts as `password` sees them: who one is, and the change of its password together with its wrapped key. */
import { type Bytes, toB64 } from "@sealpost/shared/bytes.ts";
import { type Backend, BackendError } from "../_shared/backend.ts";

export interface PasswordAccount {
  readonly id: string;
  readonly address: string;
  readonly status: "invited" | "active" | "suspended" | "removed";
  /** Null where the password is the person's own. */
  readonly temporary_password_works: boolean | null;
}

export interface PasswordAccounts {
  find(id: string): Promise<PasswordAccount | undefined>;
  /** Both at once or neither: the database promotes the wrap in the transaction in which Auth sets the password. */
  change(id: string, to: { readonly authPassword: string; readonly wrappedKey: Bytes }): Promise<void>;
}

export function passwordAccounts(backend: Backend): PasswordAccounts {
  return {
    async find(id) {
      const account = await backend.call<PasswordAccount | null>("account_for_password", { p_account: id });
      return account ?? undefined;
    },
    async change(id, { authPassword, wrappedKey }) {
      const wrap = await backend.call<string>("add_pending_wrap", {
        p_account: id,
        p_purpose: "chosen",
        p_wrapped_key: toB64(wrappedKey),
      });
      const change = { password: authPassword, app_metadata: { sealpost_wrap: wrap } };
      const { error } = await backend.admin.updateUserById(id, change);
      if (error) throw new BackendError("password change", error.code ?? String(error.status ?? 0));
    },
  };
}
