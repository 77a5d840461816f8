/**
 * Signing in: an address and the secret that its password gives on the device, for a session that counts.
 *
 * Known and unknown addresses get the same words after the same time, and each attempt is counted before it is made. Only
 * sessions made here or by `password` are trusted by the database: both alone know the pepper.
 */
import type { PortalSession } from "../_shared/auth-sessions.ts";
import { type Clock, untilFloor } from "../_shared/floor.ts";
import type { Log } from "../_shared/log.ts";
import { type AttemptPorts, attemptPassword } from "../_shared/password-attempt.ts";
import { type PortalCall, portalFunction } from "../_shared/portal-call.ts";
import { addressField, secretField } from "../_shared/secret-field.ts";

export interface SignInPorts extends AttemptPorts {
  readonly portalOrigin: string;
  readonly clock: Clock;
  readonly log: Log;
}

export type SignInAnswer =
  | { kind: "signed-in"; session: PortalSession }
  | { kind: "refused" }
  | { kind: "locked"; seconds: number };

/** More than the slowest way to a refusal takes (Auth's password hash, two round trips), less than a person minds. */
export const SIGN_IN_FLOOR_MS = 700;

/** Answers `{ address, secret }` with a SignInAnswer. */
export function makeSignIn(ports: SignInPorts): (request: Request) => Promise<Response> {
  const rim = { function: "sign-in", portalOrigin: ports.portalOrigin, log: ports.log };
  return portalFunction(rim, async (call) => {
    const startedMs = ports.clock.elapsedMs();
    const credentials = { address: addressField(call, "address"), secret: secretField(call, "secret") };
    const settled = await settle(signIn(ports, call, credentials));
    if (settled.kind === "failed") {
      await untilFloor(ports.clock, startedMs, SIGN_IN_FLOOR_MS);
      throw settled.error;
    }
    if (settled.answer.kind !== "signed-in") await untilFloor(ports.clock, startedMs, SIGN_IN_FLOOR_MS);
    return settled.answer;
  });
}

async function signIn(
  ports: SignInPorts,
  call: PortalCall,
  credentials: { readonly address: string; readonly secret: string },
): Promise<SignInAnswer> {
  const outcome = await attemptPassword(ports, call.request, credentials);
  if (outcome.kind !== "right") return outcome;
  const { attempt, opened } = outcome;
  if (await ports.attempts.succeed(attempt, opened)) return { kind: "signed-in", session: opened.session };
  await ports.sessions.end(opened.session.access_token);
  return { kind: "refused" };
}

type Settled = { kind: "answered"; answer: SignInAnswer } | { kind: "failed"; error: unknown };

/** An outage too must take its time: it may show on one path only. */
async function settle(answering: Promise<SignInAnswer>): Promise<Settled> {
  try {
    return { kind: "answered", answer: await answering };
  } catch (error) {
    return { kind: "failed", error };
  }
}
