/**
 * How values leave the database, in PostgREST's words.
 *
 * What `@supabase/lite` 0.10 lacks: it answers `bytea` as a JSON object of a Buffer and timestamps as Postgres prints
 * them. Drop this when lite lets Postgres make the JSON.
 */

type PostgresType = {
  to: number;
  from: number[];
  serialize: (value: unknown) => unknown;
  parse: (text: string) => unknown;
};

const oid = { bytea: 17, timestamp: 1114, timestamptz: 1184 } as const;

/** Type overrides for the `postgres` driver: bytea as `\x…`, timestamps in ISO 8601 with six digits or none. */
export const postgrestTypes: Record<string, PostgresType> = {
  bytea: asText(oid.bytea, (text) => text),
  timestamp: asText(oid.timestamp, isoTimestamp),
  timestamptz: asText(oid.timestamptz, isoTimestamp),
};

/** `2026-11-24 10:42:00.123456+00` as `2026-11-24T10:42:00.123456+00:00`, what Postgres' own to_json makes of it. */
export function isoTimestamp(text: string): string {
  const joined = text.replace(" ", "T");
  return /[+-]\d\d$/.test(joined) && joined.includes("T") ? `${joined}:00` : joined;
}

function asText(type: number, parse: (text: string) => unknown): PostgresType {
  return { to: type, from: [type], serialize: (value) => value, parse };
}
