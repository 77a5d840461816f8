/**
 * Telling apart why the server did not answer: the network, the session, or the server itself.
 */
import { BackendFailure } from "./backend.ts";

/** PostgREST and Auth answer these when the token is missing, over, or revoked. */
const SIGNED_OUT_STATUS: readonly number[] = [401, 403];

/** A request that never reached the server has the status 0 in supabase-js. */
const NO_ANSWER = 0;

/** Translates a client error and its HTTP status; carries no text of the server's. */
export function failureOf(error: unknown, status: number): BackendFailure {
  if (SIGNED_OUT_STATUS.includes(status)) return new BackendFailure("signed-out", error);
  if (status === NO_ANSWER || status === 502 || status === 504) return new BackendFailure("offline", error);
  return new BackendFailure("failed", error);
}
