/**
 * The database as the gateway knows it: the functions that its role may call, and nothing else.
 *
 * Every failure is a DatabaseProblem whose kind tells the caller what to do; its text never holds a parameter.
 */
import { Pool } from "pg";
import { problemOf } from "./problem.ts";

/** A call of one function. `name` is for the prepared statement; every name has one text. */
export type Call = { readonly name: string; readonly text: string; readonly values: readonly Value[] };

/** What a parameter can be: bytes travel in binary. */
export type Value = string | number | null | Buffer | readonly string[] | readonly Buffer[];

export type Database = {
  /** The one value of the one row that the function returns. Throws DatabaseProblem. */
  call(call: Call): Promise<unknown>;
  /** The same for a function that returns bytea; null for null. Throws DatabaseProblem. */
  callBytes(call: Call): Promise<Buffer | null>;
  /** Whether a trivial statement works now. */
  isUp(): Promise<boolean>;
  close(): Promise<void>;
};

/** PERFORMANCE.md: a pool of 4 to 8 is where the rate is best. */
const mostConnections = 8;

/** A mail server waits ten minutes for its answer, but a full queue here helps nobody. */
const statementMs = 15_000;
const connectMs = 5_000;

export type DatabaseOptions = {
  readonly url: string;
  readonly preparesStatements: boolean;
  /** Told when an idle connection dies. */
  readonly onLost: () => void;
};

/** Opens no connection before the first call. */
export function makeDatabase({ url, preparesStatements, onLost }: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: url,
    max: mostConnections,
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs,
    idleTimeoutMillis: 60_000,
    application_name: "sealpost-gateway",
    keepAlive: true,
  });
  pool.on("error", onLost);
  const call = async ({ name, text, values }: Call): Promise<unknown> => {
    try {
      const query = preparesStatements ? { name, text } : { text };
      const result = await pool.query({ ...query, values: [...values], rowMode: "array" });
      return result.rows[0]?.[0];
    } catch (error) {
      throw problemOf(name, error);
    }
  };
  return {
    call,
    callBytes: async (asked) => {
      const bytes = await call(asked);
      return Buffer.isBuffer(bytes) ? bytes : null;
    },
    isUp: async () => {
      try {
        return (await call({ name: "is_up", text: "select 1", values: [] })) === 1;
      } catch {
        return false;
      }
    },
    close: () => pool.end(),
  };
}
