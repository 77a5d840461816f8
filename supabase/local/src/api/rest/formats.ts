/**
 * How values enter and leave the database, in PostgREST's words.
 *
 * What `@supabase/lite` 0.10 lacks: it answers `bytea` as a JSON object of a Buffer, timestamps as Postgres prints them and
 * some numbers as text, and wraps JSON arguments of functions in JSON a second time. Drop this when lite lets Postgres
 * make the JSON.
 */

type PostgresType = {
  to: number;
  from: number[];
  serialize: (value: unknown) => unknown;
  parse: (text: string) => unknown;
};

const oid = { bytea: 17, json: 114, timestamp: 1114, timestamptz: 1184, numeric: 1700, jsonb: 3802 } as const;

/** Type overrides for the `postgres` driver: bytea as `\x…`, timestamps in ISO 8601 with six digits or none. */
export const postgrestTypes: Record<string, PostgresType> = {
  bytea: asText(oid.bytea, (text) => text),
  timestamp: asText(oid.timestamp, isoTimestamp),
  timestamptz: asText(oid.timestamptz, isoTimestamp),
  numeric: asText(oid.numeric, numberOf),
  json: asJson(oid.json),
  jsonb: asJson(oid.jsonb),
};

/** `2026-11-24 10:42:00.123456+00` as `2026-11-24T10:42:00.123456+00:00`, what Postgres' own to_json makes of it. */
export function isoTimestamp(text: string): string {
  const joined = text.replace(" ", "T");
  return /[+-]\d\d$/.test(joined) && joined.includes("T") ? `${joined}:00` : joined;
}

function asText(type: number, parse: (text: string) => unknown): PostgresType {
  return { to: type, from: [type], serialize: (value) => value, parse };
}

/** JSON has neither NaN nor infinities: those stay text, as PostgREST has them. */
function numberOf(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/**
 * Lite hands over most JSON as finished text, and single strings as they are: text that is JSON passes, other text becomes
 * a JSON string. A string that happens to be JSON itself arrives unwrapped.
 */
function asJson(type: number): PostgresType {
  const serialize = (value: unknown) =>
    typeof value === "string" && isJson(value) ? value : JSON.stringify(value);
  return { to: type, from: [type], serialize, parse: (text) => JSON.parse(text) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
