/**
 * Who is signed in on this page, and whether the account's key is in memory.
 *
 * The key lives in this closure only: a reload, a sign-out or a closed tab forgets it, and the password brings
 * it back (docs/decisions/0011-key-in-memory.md). No password outlives the form except the temporary one's
 * secrets, which the forced change needs.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import type { PasswordSecrets } from "@sealpost/shared/password/password.ts";
import { type Accessor, createSignal, type Setter } from "solid-js";
import { type AccountRow, type Backend, BackendFailure } from "../backend/backend.ts";
import type { AccountVault, OpenAccount } from "./vault.ts";

export type SessionState =
  | { kind: "starting" }
  | { kind: "signed-out"; ended: boolean }
  /** A session is there, the key is not: the password unlocks. `account` is null until the server tells. */
  | { kind: "locked"; account: AccountRow | null }
  | { kind: "new-password"; account: AccountRow }
  | { kind: "open"; account: AccountRow; keys: OpenAccount };

/** How a form's exchange with the server ended. */
export type AccountOutcome =
  | { kind: "done" }
  | { kind: "refused" }
  /** The password does not open the key. */
  | { kind: "wrong" }
  | { kind: "locked-out"; minutes: number }
  /** A temporary password past its life. */
  | { kind: "expired" }
  /** The account's keys are not the ones that the organisation attested. */
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
  signIn(address: string, password: string): Promise<AccountOutcome>;
  unlock(password: string): Promise<AccountOutcome>;
  setPassword(password: string): Promise<AccountOutcome>;
  signOut(): Promise<void>;
  /** Something noticed that the server no longer knows this session. */
  end(): void;
}

/** What the forced change of a temporary password must still know. */
interface Pending {
  secrets: PasswordSecrets;
  account: AccountRow;
}

/** The session's insides, handed to the steps below. */
interface Desk {
  ports: SessionPorts;
  setState: Setter<SessionState>;
  pending: Pending | null;
  end(): void;
}

export function createSession(ports: SessionPorts): Session {
  const [state, setState] = createSignal<SessionState>({ kind: "starting" });
  const desk: Desk = {
    ports,
    setState,
    pending: null,
    end() {
      desk.pending = null;
      if (state().kind !== "signed-out") setState({ kind: "signed-out", ended: true });
    },
  };
  return {
    state,
    end: desk.end,
    start: () => start(desk),
    signIn: (address, password) => attempt(desk, () => signIn(desk, address, password)),
    unlock: (password) => attempt(desk, () => unlock(desk, password)),
    setPassword: (password) => attempt(desk, () => setPassword(desk, password)),
    signOut: () => signOut(desk),
  };
}

async function start(desk: Desk): Promise<void> {
  if (!desk.ports.remembersSession()) {
    desk.setState({ kind: "signed-out", ended: false });
    return;
  }
  desk.setState({ kind: "locked", account: null });
  await attempt(desk, async () => {
    const backend = await desk.ports.backend();
    backend.onSignedOut(desk.end);
    const account = (await backend.hasSession()) ? await backend.account() : null;
    if (account === null) desk.end();
    else desk.setState({ kind: "locked", account });
    return { kind: "done" };
  });
}

async function signIn(desk: Desk, typed: string, password: string): Promise<AccountOutcome> {
  const address = normaliseAddress(typed);
  if (address === undefined) return { kind: "refused" };
  const [backend, vault] = await Promise.all([desk.ports.backend(), desk.ports.vault()]);
  const secrets = await vault.derive(password, address);
  const answer = await backend.signIn(address, secrets.signIn);
  if (answer.kind === "locked") return lockedOut(answer.seconds);
  if (answer.kind === "refused") return answer;
  const account = await backend.account();
  if (account === null) {
    // Auth takes the password and the database does not: a temporary one past its life.
    await backend.signOut();
    return { kind: "expired" };
  }
  backend.onSignedOut(desk.end);
  return await enter(desk, account, secrets);
}

async function unlock(desk: Desk, password: string): Promise<AccountOutcome> {
  const [backend, vault] = await Promise.all([desk.ports.backend(), desk.ports.vault()]);
  const account = await backend.account();
  if (account === null) throw new BackendFailure("signed-out");
  return await enter(desk, account, await vault.derive(password, account.address));
}

async function setPassword(desk: Desk, password: string): Promise<AccountOutcome> {
  if (desk.pending === null) return { kind: "refused" };
  const { account, secrets: current } = desk.pending;
  const [backend, vault] = await Promise.all([desk.ports.backend(), desk.ports.vault()]);
  const unwrapped = await vault.unwrap(account, current.wrap);
  if (unwrapped.kind !== "unwrapped") return unwrapped;
  const secrets = await vault.derive(password, account.address);
  const answer = await backend.changePassword({
    currentSecret: current.signIn,
    newSecret: secrets.signIn,
    wrappedKey: await vault.wrap(account, unwrapped.bare, secrets.wrap),
  });
  if (answer.kind === "locked") return lockedOut(answer.seconds);
  if (answer.kind !== "changed") return answer;
  const changed = await backend.account();
  if (changed === null) throw new BackendFailure("signed-out");
  return await enter(desk, changed, secrets);
}

/** With a session and the password's secrets: to the forced change, or into the mail. */
async function enter(desk: Desk, account: AccountRow, secrets: PasswordSecrets): Promise<AccountOutcome> {
  const vault = await desk.ports.vault();
  const unwrapped = await vault.unwrap(account, secrets.wrap);
  if (unwrapped.kind !== "unwrapped") return unwrapped;
  if (account.status === "invited") {
    desk.pending = { secrets, account };
    desk.setState({ kind: "new-password", account });
    return { kind: "done" };
  }
  const backend = await desk.ports.backend();
  const opened = await vault.open(account, unwrapped.keyPair, await backend.mailboxes());
  if (opened.kind === "untrusted") return opened;
  desk.pending = null;
  desk.setState({ kind: "open", account, keys: opened.account });
  return { kind: "done" };
}

async function signOut(desk: Desk): Promise<void> {
  desk.pending = null;
  desk.setState({ kind: "signed-out", ended: false });
  try {
    await (await desk.ports.backend()).signOut();
  } catch (thrown) {
    // The session leaves this device also when the server cannot be told.
    if (!(thrown instanceof BackendFailure)) throw thrown;
  } finally {
    await desk.ports.wipe();
  }
}

function lockedOut(seconds: number): AccountOutcome {
  return { kind: "locked-out", minutes: Math.ceil(seconds / 60) };
}

/** Runs one exchange with the server; a failure becomes an outcome that a form can tell. */
async function attempt(desk: Desk, run: () => Promise<AccountOutcome>): Promise<AccountOutcome> {
  try {
    return await run();
  } catch (thrown) {
    if (!(thrown instanceof BackendFailure)) throw thrown;
    if (thrown.kind === "signed-out") desk.end();
    return { kind: thrown.kind === "offline" ? "offline" : "failed" };
  }
}
