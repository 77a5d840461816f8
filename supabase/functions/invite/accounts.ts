/**
 * Accounts as `invite` sees them: those that are due a temporary password, and the change of Auth's password together with the
 * wrapped key. Setting it is one transaction of Auth's; a database that finds the account active by then refuses it.
 */
import { type Bytes, toB64 } from "@sealpost/shared/bytes.ts";
import { type Backend, BackendError } from "../_shared/backend.ts";

/** A temporary password that is due, as `claim_invites` gives it. Bytes are base64. */
export interface DueInvite {
  readonly id: string;
  readonly token: string;
  /** This one included. */
  readonly attempts: number;
  readonly organisation: string;
  readonly life_seconds: number;
  readonly account: InvitedAccount;
}

export interface InvitedAccount {
  readonly id: string;
  readonly address: string;
  readonly kind: "internal" | "external";
  readonly status: "invited" | "active" | "suspended" | "removed";
  readonly public_key: string;
  readonly key_version: number;
  readonly attestation: string;
  readonly invite_sealed: string | null;
  /** Auth knows the account already: an earlier temporary password may still work. */
  readonly has_user: boolean;
}

/** A password as Auth sees it, and the account's key wrapped under what Auth does not see. */
export interface NewPassword {
  readonly authPassword: string;
  readonly wrappedKey: Bytes;
}

export interface InvitedAccounts {
  claim(most: number): Promise<readonly DueInvite[]>;
  /** Makes Auth's user with the account's own id. */
  create(account: InvitedAccount, to: NewPassword): Promise<void>;
  /** Replaces the temporary password: the old one is void from then on. */
  replace(account: InvitedAccount, to: NewPassword): Promise<void>;
}

export function invitedAccounts(backend: Backend): InvitedAccounts {
  const pendingWrap = ({ id }: InvitedAccount, { wrappedKey }: NewPassword) =>
    backend.call<string>("add_pending_wrap", {
      p_account: id,
      p_purpose: "temporary",
      p_wrapped_key: toB64(wrappedKey),
    });
  return {
    claim: (most) => backend.call<DueInvite[]>("claim_invites", { p_most: most }),
    async create(account, to) {
      const { error } = await backend.admin.createUser({
        id: account.id,
        email: account.address,
        password: to.authPassword,
        email_confirm: true,
        app_metadata: { sealpost_wrap: await pendingWrap(account, to) },
      });
      if (error) throw new BackendError("user", error.code ?? String(error.status ?? 0));
    },
    async replace(account, to) {
      const { error } = await backend.admin.updateUserById(account.id, {
        password: to.authPassword,
        app_metadata: { sealpost_wrap: await pendingWrap(account, to) },
      });
      if (error) throw new BackendError("user", error.code ?? String(error.status ?? 0));
    },
  };
}
