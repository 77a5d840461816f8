/**
 * What a failed call of the database means, from its SQLSTATE. The one place that reads SQLSTATEs.
 */

export type ProblemKind =
  /** Not reachable, stopped, too slow, out of space or of connections: works again later. */
  | "away"
  /** Accounts or mailboxes changed since they were read (SP001): seal again. */
  | "keys-changed"
  /** Another transaction was in the way (deadlock, serialisation): the same again works. */
  | "conflict"
  /** An uploaded attachment was swept (SP002): upload again. */
  | "upload-gone"
  /** The database refuses what we asked: a fault of the gateway or of the schema. */
  | "refused";

export class DatabaseProblem extends Error {
  readonly kind: ProblemKind;
  /** SQLSTATE, or the code of the network error. */
  readonly code: string;
  constructor(kind: ProblemKind, call: string, code: string) {
    super(`the database could not do ${call} (${code})`);
    this.name = "DatabaseProblem";
    this.kind = kind;
    this.code = code;
  }
}

/** Translates; the original error is not kept as cause, for its details may quote what was to be stored. */
export function problemOf(call: string, error: unknown): DatabaseProblem {
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "none";
  return new DatabaseProblem(kindOf(code), call, code);
}

const awayClasses = new Set([
  "08", // connection exceptions
  "28", // the role cannot sign in: the operator is at it
  "53", // disk full, out of memory, too many connections
  "57", // shutting down, cancelled
  "58", // the system under the database failed
  "25", // read-only: a standby
]);

function kindOf(code: string): ProblemKind {
  if (code === "SP001") return "keys-changed";
  if (code === "SP002") return "upload-gone";
  if (code === "40001" || code === "40P01") return "conflict";
  const isSqlState = /^[0-9A-Z]{5}$/.test(code);
  if (!isSqlState) return "away"; // ECONNREFUSED, ETIMEDOUT, and pg's own errors without a code
  return awayClasses.has(code.slice(0, 2)) || code === "55P03" ? "away" : "refused";
}
