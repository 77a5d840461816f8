/**
 * Signing in by SMTP: checks a login and its password, and slows down who guesses.
 *
 * Unknown logins take as long and get the same answer as wrong passwords. Failures are counted by network, each answered
 * late; a network with too many is asked to come later, whatever it brings.
 */
import { createHmac, randomBytes } from "node:crypto";
import { networkOf } from "../arrival/network-of.ts";
import { makeRate } from "../arrival/rate.ts";
import type { Database } from "../database/database.ts";
import { causeOf, type Log } from "../log.ts";
import { makeTurns } from "../relay/turns.ts";
import { type Credential, findCredential } from "./credential.ts";
import { matchesHash, nobodysHash } from "./password-hash.ts";

export type SignInPorts = {
  readonly database: Database;
  readonly log: Log;
  readonly now: () => number;
  readonly delay: (ms: number) => Promise<void>;
};

export type SignedIn =
  | { kind: "signed-in"; credential: Credential }
  | { kind: "refused" }
  /** Too many failures from that network, or too many checks at one time. */
  | { kind: "locked" }
  /** The database is. */
  | { kind: "away" };

export type Attempt = { readonly login: string; readonly password: string; readonly clientAddress: string };

export type SignIn = (attempt: Attempt) => Promise<SignedIn>;

/** Mistyping is forgiven so often in a window; a mail client with an old password tries every few minutes. */
const mostFailures = 20;
const failureWindowMs = 15 * 60_000;
/** Before a failure is answered. */
const failureMs = 1_000;
/** Of 32 MB and 0.2 s of a processor each. */
const checksAtOnce = 2;
/** Beyond these a client would wait longer than it likes. */
const mostWaiting = 50;
const longestSecret = 1_000;
/** A server that signs in for each mail pays for scrypt once in this time; a changed hash counts at once. */
const rememberedMs = 5 * 60_000;
const mostRemembered = 1_000;

export function makeSignIn(ports: SignInPorts): SignIn {
  const { database, log, now, delay } = ports;
  const failures = makeRate({ most: mostFailures, windowMs: failureWindowMs, now });
  const isRight = makeChecks(now);
  return async ({ login, password, clientAddress }) => {
    const network = networkOf(clientAddress);
    if (failures.isFull(network)) return { kind: "locked" };
    if (login.length > longestSecret || password.length > longestSecret) return { kind: "refused" };
    try {
      const found = await findCredential(database, login.trim().toLowerCase());
      const matches = await isRight(password, found?.password_hash ?? nobodysHash);
      if (matches === "busy") return { kind: "locked" };
      if (found !== null && matches) return { kind: "signed-in", credential: found };
    } catch (error) {
      log("warn", "nobody can sign in by SMTP: the database is away", { what: causeOf(error) });
      return { kind: "away" };
    }
    failures.take(network);
    log("warn", "a sign-in by SMTP was refused", { name: network });
    await delay(failureMs);
    return { kind: "refused" };
  };
}

/** Checks passwords a few at a time, and remembers those that were right under a key of this process only. */
function makeChecks(now: () => number) {
  const turns = makeTurns(checksAtOnce);
  const key = randomBytes(32);
  const remembered = new Map<string, number>();
  let waiting = 0;
  return async (password: string, hash: string): Promise<boolean | "busy"> => {
    const proof = createHmac("sha256", key).update(`${hash}\0${password}`).digest("base64");
    if ((remembered.get(proof) ?? 0) > now()) return true;
    if (waiting >= mostWaiting) return "busy";
    waiting += 1;
    await turns.enter();
    try {
      const matches = await matchesHash(password, hash);
      if (remembered.size >= mostRemembered) remembered.clear();
      if (matches) remembered.set(proof, now() + rememberedMs);
      return matches;
    } finally {
      waiting -= 1;
      turns.leave();
    }
  };
}
