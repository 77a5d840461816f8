/**
 * Errors of the database with PostgREST's HTTP status and their own SQLSTATE.
 *
 * What `@supabase/lite` 0.10 lacks: it answers most classes, `raise exception` (P0001) and check constraints among them,
 * as 500 with a code of its own. They are handed to it in the one form that it passes on untouched: PostgREST's
 * `raise sqlstate 'PGRST'` with status and body in JSON.
 * Source: https://docs.postgrest.org/en/latest/references/errors.html#http-status-codes
 */
import { inspect } from "node:util";
import postgres from "postgres";

/** What lite translates well itself, by the beginning of the code. */
const leftToLite = ["PT", "PGRST", "42", "22", "21", "23502", "23503", "23505", "25006"];

/** HTTP statuses by the beginning of the code, the first that fits; what fits nowhere is the caller's mistake. */
const statuses: readonly (readonly [string, number])[] = [
  ["08", 503],
  ["0L", 403],
  ["0P", 403],
  ["28", 403],
  ["53400", 500],
  ["53", 503],
  ["P0001", 400],
  ...["09", "25", "2D", "38", "39", "3B", "40", "54", "55", "57", "58", "F0", "HV", "P0", "XX"].map(
    (code) => [code, 500] as const,
  ),
];

/** The HTTP status of a SQLSTATE that lite would get wrong; null for one that it gets right. */
export function statusOf(code: string): number | null {
  if (leftToLite.some((beginning) => code.startsWith(beginning))) return null;
  return statuses.find(([beginning]) => code.startsWith(beginning))?.[1] ?? 400;
}

/** How the driver says that there is no database to ask. */
const away = [
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
];

/** The error in the form that lite passes on; anything else as it is. */
export function asPostgrest(error: unknown): unknown {
  if (isAway(error)) {
    return passedOn(503, "PGRST001", { message: "Database client error. Retrying the connection." });
  }
  if (!(error instanceof postgres.PostgresError)) return error;
  const status = statusOf(error.code);
  return status === null ? error : passedOn(status, error.code, error);
}

function isAway(error: unknown): boolean {
  return error instanceof Error && "code" in error && away.includes(String(error.code));
}

type Said = { message: string; detail?: string | undefined; hint?: string | undefined };

function passedOn(status: number, code: string, { message, detail = "", hint = "" }: Said): object {
  const answer = {
    code: "PGRST",
    message: JSON.stringify({ code, message, details: detail || null, hint: hint || null }),
    detail: JSON.stringify({ status, headers: {} }),
  };
  return Object.defineProperty(answer, inspect.custom, { value: () => `[the database answered ${code}]` });
}
