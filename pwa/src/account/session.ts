/**
 * Who is signed in on this page, and whether the account's key is in memory.
 *
 * The key lives in this closure only: a reload, a sign-out or a closed tab forgets it, and the password brings
 * it back (docs/decisions/0006-key-in-memory.md). No password outlives the form except the temporary one's
 * secrets, which the forced change needs.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import type { PasswordSecrets } from "@sealpost/shared/password/password.ts";
import { type Accessor, createSignal } from "solid-js";
import { type AccountRow, type Backend, BackendFailure } from "../backend/backend.ts";
import type { AccountVault, OpenAccount } from "./vault.ts";

export type SessionState =
  | { kind: "starting" }
  | { kind: "signed-out"; ended: boolean }
  /** A session is there, the key is not: the password unlocks. `account` is null until the server tells. */
  | { kind: "locked"; account: AccountRow | null }
  | { kind: "new-password"; account: AccountRow }
  | { kind: "open"; account: AccountRow; keys: OpenAccount };

export type SignInOutcome =
  | { kind: "done" }
  | { kind: "refused" }
  /** The password does not open the key; only where the session came from an earlier sign-in. */
  | { kind: "wrong" }
  | { kind: "locked-out"; minutes: number }
  /** A temporary password past its life. */
  | { kind: "expired" }
  /** The account's keys are not the ones that the organisation attested. */
  | { kind: "untrusted" }
  | { kind: "offline" }
  | { kind: "failed" };

export type NewPasswordOutcome =
  | { kind: "done" }
  | { kind: "expired" }
  | { kind: "refused" }
  | { kind: "wrong" }
  | { kind: "locked-out"; minutes: number }
  | { kind: "untrusted" }
  | { kind: "offline" }
  | { kind: "failed" };

export interface SessionPorts {
  /** Loaded on first use, so that the first screen stays small. */
  backend(): Promise<Backend>;
  vault(): Promise<AccountVault>;
  /** Whether localStorage holds a session, known without loading anything. */
  remembersSession(): boolean;
  /** Forgets everything that this browser keeps of the account. */
  wipe(): Promise<void>;
}

export interface Session {
  state: Accessor<SessionState>;
  start(): Promise<void>;
  signIn(address: string, password: string): Promise<SignInOutcome>;
  unlock(password: string): Promise<SignInOutcome>;
  setPassword(password: string): Promise<NewPasswordOutcome>;
  signOut(): Promise<void>;
  /** Something noticed that the server no longer knows this session. */
  end(): void;
}

/** What the forced change of a temporary password must still know. */
interface Pending {
  secrets: PasswordSecrets;
  account: AccountRow;
}

export function createSession(ports: SessionPorts): Session {
  const [state, setState] = createSignal<SessionState>({ kind: "starting" });
  let pending: Pending | null = null;

  const end = (): void => {
    pending = null;
    if (state().kind !== "signed-out") setState({ kind: "signed-out", ended: true });
  };

  const enter = async (account: AccountRow, secrets: PasswordSecrets): Promise<SignInOutcome> => {
    const vault = await ports.vault();
    const unwrapped = await vault.unwrap(account, secrets.wrap);
    if (unwrapped.kind !== "unwrapped") return { kind: unwrapped.kind };
    if (account.status === "invited") {
      pending = { secrets, account };
      setState({ kind: "new-password", account });
      return { kind: "done" };
    }
    const backend = await ports.backend();
    const keys = await vault.open(account, unwrapped.keyPair, await backend.mailboxes());
    if (keys.kind === "untrusted") return keys;
    pending = null;
    setState({ kind: "open", account, keys: keys.account });
    return { kind: "done" };
  };

  return {
    state,
    end,
    async start() {
      if (!ports.remembersSession()) {
        setState({ kind: "signed-out", ended: false });
        return;
      }
      setState({ kind: "locked", account: null });
      await attempt(async () => {
        const backend = await ports.backend();
        backend.onSignedOut(end);
        const account = (await backend.hasSession()) ? await backend.account() : null;
        if (account === null) end();
        else setState({ kind: "locked", account });
        return { kind: "done" };
      }, end);
    },
    signIn: (address, password) =>
      attempt(async () => {
        const [backend, vault] = await Promise.all([ports.backend(), ports.vault()]);
        const normalised = normaliseAddress(address);
        if (normalised === undefined) return { kind: "refused" };
        const secrets = await vault.derive(password, normalised);
        const answer = await backend.signIn(normalised, secrets.signIn);
        if (answer.kind === "locked") return lockedOut(answer);
        if (answer.kind === "refused") return answer;
        backend.onSignedOut(end);
        const account = await backend.account();
        if (account !== null) return await enter(account, secrets);
        // Auth takes the password and the database does not: a temporary one past its life.
        await backend.signOut();
        return { kind: "expired" };
      }, end),
    unlock: (password) =>
      attempt(async () => {
        const [backend, vault] = await Promise.all([ports.backend(), ports.vault()]);
        const account = await backend.account();
        if (account === null) throw new BackendFailure("signed-out");
        return await enter(account, await vault.derive(password, account.address));
      }, end),
    async setPassword(password) {
      const change = pending;
      if (change === null) return { kind: "refused" };
      return await attempt(async (): Promise<NewPasswordOutcome> => {
        const answer = await replacePassword(ports, change, password);
        if (answer.kind !== "changed") return answer;
        pending = null;
        const backend = await ports.backend();
        const account = await backend.account();
        if (account === null) throw new BackendFailure("signed-out");
        return await enter(account, answer.secrets);
      }, end);
    },
    async signOut() {
      pending = null;
      setState({ kind: "signed-out", ended: false });
      await (await ports.backend()).signOut().catch(() => undefined);
      await ports.wipe();
    },
  };
}

type Replaced =
  | { kind: "changed"; secrets: PasswordSecrets }
  | { kind: "expired" | "refused" | "wrong" | "untrusted" }
  | { kind: "locked-out"; minutes: number };

async function replacePassword(ports: SessionPorts, change: Pending, password: string): Promise<Replaced> {
  const [backend, vault] = await Promise.all([ports.backend(), ports.vault()]);
  const unwrapped = await vault.unwrap(change.account, change.secrets.wrap);
  if (unwrapped.kind !== "unwrapped") return unwrapped;
  const secrets = await vault.derive(password, change.account.address);
  const answer = await backend.changePassword({
    currentSecret: change.secrets.signIn,
    newSecret: secrets.signIn,
    wrappedKey: await vault.wrap(change.account, unwrapped.bare, secrets.wrap),
  });
  if (answer.kind === "locked") return lockedOut(answer);
  return answer.kind === "changed" ? { kind: "changed", secrets } : answer;
}

function lockedOut(answer: { seconds: number }): { kind: "locked-out"; minutes: number } {
  return { kind: "locked-out", minutes: Math.ceil(answer.seconds / 60) };
}

/** Runs one exchange with the server; a failure becomes an outcome that a form can tell. */
async function attempt<T>(
  run: () => Promise<T>,
  end: () => void,
): Promise<T | { kind: "offline" } | { kind: "failed" }> {
  try {
    return await run();
  } catch (thrown) {
    if (!(thrown instanceof BackendFailure)) throw thrown;
    if (thrown.kind === "offline") return { kind: "offline" };
    if (thrown.kind === "signed-out") end();
    return { kind: "failed" };
  }
}
