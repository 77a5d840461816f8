/**
 * Access tokens as Supabase Auth signs them: HS256, with an end.
 *
 * Checks signature, algorithm, role and end. Whether the session behind a token still lives is the database's to say.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { isRecord } from "./frame.ts";

export type Role = "anon" | "authenticated" | "service_role";

/** What a valid token says. `all` are the claims as they were signed, for the database's policies. */
export type Claims = {
  readonly role: Role;
  readonly sessionId: string | null;
  readonly endsAtMs: number;
  readonly all: string;
};

export type TokenVerdict = { kind: "valid"; claims: Claims } | { kind: "expired" } | { kind: "invalid" };

const uuidShape = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const roles: readonly string[] = ["anon", "authenticated", "service_role"] satisfies Role[];

/** Judges a token at `nowMs` (milliseconds since 1970). */
export function judgeToken(token: string, secret: string, nowMs: number): TokenVerdict {
  const [header, body, signature, ...rest] = token.split(".");
  if (header === undefined || body === undefined || signature === undefined || rest.length > 0) {
    return { kind: "invalid" };
  }
  const expected = createHmac("sha256", secret).update(`${header}.${body}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: "invalid" };
  if (decode(header)?.alg !== "HS256") return { kind: "invalid" };
  return judgeClaims(decode(body), nowMs);
}

function judgeClaims(claims: Record<string, unknown> | undefined, nowMs: number): TokenVerdict {
  const role = claims?.role;
  const end = claims?.exp;
  if (claims === undefined || !isRole(role) || typeof end !== "number") return { kind: "invalid" };
  const endsAtMs = end * 1000;
  if (endsAtMs <= nowMs) return { kind: "expired" };
  const session = claims.session_id;
  const sessionId = typeof session === "string" && uuidShape.test(session) ? session : null;
  return { kind: "valid", claims: { role, sessionId, endsAtMs, all: JSON.stringify(claims) } };
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRole(value: unknown): value is Role {
  return typeof value === "string" && roles.includes(value);
}
