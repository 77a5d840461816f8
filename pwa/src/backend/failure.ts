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

/** What supabase-js gives. */
interface Answer<T> {
  data: T | null;
  error: unknown;
  status: number;
}

/** The data of an answer; throws a `BackendFailure` where there was none to be had. */
export function resultOf<T>(answer: Answer<T>): T | null {
  if (answer.error) throw failureOf(answer.error, answer.status);
  return answer.data;
}
