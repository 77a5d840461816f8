/**
 * Access tokens: signed and read as Supabase Auth does, HS256 only.
 *
 * `none` and every other algorithm are refused before the signature is looked at.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export type Claims = Readonly<Record<string, unknown>>;

/** A token over these claims. */
export function signToken(claims: Claims, secret: string): string {
  const head = encode({ alg: "HS256", typ: "JWT" });
  const signed = `${head}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** The claims of a token that this secret signed and that has not ended by `nowMs`; else null. */
export function readToken(token: string, secret: string, nowMs: number): Claims | null {
  const [head, body, signature, ...rest] = token.split(".");
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return null;
  if (decode(head)?.alg !== "HS256") return null;
  const expected = createHmac("sha256", secret).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const claims = decode(body);
  return claims !== null && typeof claims.exp === "number" && claims.exp * 1000 > nowMs ? claims : null;
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(request: Request): string | null {
  return /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}
