/**
 * Changing a password: the temporary one into the person's own (which activates the account), or their own into another.
 *
 * The account's key, wrapped anew on the device, and the password change in one transaction; a crash before it leaves both as they
 * were. Knowing the current password is what counts, so a session alone, however it was made, changes nothing.
 */
import { authPassword } from "@sealpost/shared/password/password.ts";
import type { OpenedSession, PortalSession } from "../_shared/auth-sessions.ts";
import type { Log } from "../_shared/log.ts";
import { clientAddressOf, networkOf } from "../_shared/network.ts";
import { type AttemptPorts, attemptPassword, openSession } from "../_shared/password-attempt.ts";
import { NotSignedIn, type PortalCall, portalFunction } from "../_shared/portal-call.ts";
import { secretField, wrappedKeyField } from "../_shared/secret-field.ts";
import type { PasswordAccount, PasswordAccounts } from "./accounts.ts";

export interface PasswordPorts extends AttemptPorts {
  readonly accounts: PasswordAccounts;
  readonly portalOrigin: string;
  readonly log: Log;
}

export type PasswordAnswer =
  | { kind: "changed"; session: PortalSession }
  /** The current password is wrong, the new one is no other, or the account is shut. */
  | { kind: "refused" }
  /** The temporary password is past its life. */
  | { kind: "expired" }
  | { kind: "locked"; seconds: number };

/** Answers `{ current_secret, new_secret, wrapped_key }`, from a bearer of the person's token, with a PasswordAnswer. */
export function makePassword(ports: PasswordPorts): (request: Request) => Promise<Response> {
  const rim = { function: "password", portalOrigin: ports.portalOrigin, log: ports.log };
  return portalFunction(rim, async (call): Promise<PasswordAnswer> => {
    const change = {
      currentSecret: secretField(call, "current_secret"),
      newSecret: secretField(call, "new_secret"),
      wrappedKey: wrappedKeyField(call, "wrapped_key"),
    };
    const account = await callerOf(ports, call);
    if (account.status === "suspended" || account.status === "removed") return { kind: "refused" };
    if (account.status === "invited" && account.temporary_password_works !== true) return { kind: "expired" };
    return await changePassword(ports, call, { account, ...change });
  });
}

async function callerOf(ports: PasswordPorts, call: PortalCall): Promise<PasswordAccount> {
  const token = /^Bearer (\S+)$/i.exec(call.request.headers.get("authorization") ?? "")?.[1];
  const id = token === undefined ? undefined : await ports.sessions.accountOf(token);
  const account = id === undefined ? undefined : await ports.accounts.find(id);
  if (account === undefined) throw new NotSignedIn();
  return account;
}

interface Change {
  readonly account: PasswordAccount;
  readonly currentSecret: string;
  readonly newSecret: string;
  readonly wrappedKey: Uint8Array<ArrayBuffer>;
}

async function changePassword(
  ports: PasswordPorts,
  call: PortalCall,
  change: Change,
): Promise<PasswordAnswer> {
  const { account, currentSecret, newSecret, wrappedKey } = change;
  const current = await attemptPassword(ports, call.request, {
    address: account.address,
    secret: currentSecret,
  });
  if (current.kind !== "right") return current;
  if (newSecret === currentSecret) return await refuse(ports, current.opened);
  const credentials = { address: account.address, secret: newSecret };
  const next = await authPassword(ports.primitives, ports.pepper, credentials);
  await ports.accounts.change(account.id, { authPassword: next, wrappedKey });
  return await openAnew(ports, call, credentials);
}

/** Auth has ended every session of the person, the one that was just opened to check the current password among them. */
async function openAnew(
  ports: PasswordPorts,
  call: PortalCall,
  credentials: { readonly address: string; readonly secret: string },
): Promise<PasswordAnswer> {
  const clientAddress = clientAddressOf(call.request, ports.proxyHeader);
  const opening = await openSession(ports, credentials, clientAddress);
  if (opening.kind !== "opened") return { kind: "refused" };
  const attempt = { address: credentials.address, network: networkOf(clientAddress) };
  if (await ports.attempts.succeed(attempt, opening.opened)) {
    return { kind: "changed", session: opening.opened.session };
  }
  return await refuse(ports, opening.opened);
}

async function refuse(ports: PasswordPorts, opened: OpenedSession): Promise<PasswordAnswer> {
  await ports.sessions.end(opened.session.access_token);
  return { kind: "refused" };
}
