/**
 * What happens after `@supabase/lite` accepted a password or a mailed code, and before the person hears of it.
 *
 * What lite 0.10 lacks: it lets banned users in, forgets how a session was opened, and signs tokens with few claims.
 */
import { authError, json } from "../http/answers.ts";
import { claimsOf, factsOf, type Method, noteMethod, type SessionFacts } from "./claims.ts";
import { mended } from "./mended.ts";
import { type AuthPorts, accessTokenSeconds } from "./ports.ts";
import { readToken, signToken } from "./token.ts";

type Opened = { kind: "open"; facts: SessionFacts } | { kind: "banned" } | { kind: "gone" };

/** Lite's answer to a sign-in with a full token in it; or the refusal of a banned user, whose session ends at once. */
export async function finishSignIn(
  ports: AuthPorts,
  request: Request,
  answer: Response,
  method: Method,
): Promise<Response> {
  if (!answer.ok) return mended(answer);
  const session = (await answer.json()) as Record<string, unknown>;
  const claims = readToken(String(session.access_token), ports.jwtSecret, ports.now());
  const opened = await open(ports, request, String(claims?.session_id), method);
  switch (opened.kind) {
    case "banned":
      return authError(method === "password" ? 400 : 403, "user_banned", "User is banned");
    case "gone":
      return authError(403, "session_not_found", "Session from session_id claim in JWT does not exist");
    case "open":
      return mended(json(200, { ...session, ...tokenFor(ports, opened.facts) }));
  }
}

/** A fresh access token for a session, with its end. */
export function tokenFor(ports: AuthPorts, facts: SessionFacts) {
  const nowSeconds = Math.floor(ports.now() / 1000);
  return {
    access_token: signToken(claimsOf(facts, ports.issuer, nowSeconds, accessTokenSeconds), ports.jwtSecret),
    token_type: "bearer",
    expires_in: accessTokenSeconds,
    expires_at: nowSeconds + accessTokenSeconds,
  };
}

function open(ports: AuthPorts, request: Request, sessionId: string, method: Method): Promise<Opened> {
  return ports.sql.begin<Opened>(async (sql) => {
    const before = await factsOf(sql, sessionId);
    if (before === null) return { kind: "gone" };
    if (before.banned) {
      await sql`delete from auth.sessions where id = ${sessionId}`;
      return { kind: "banned" };
    }
    await noteMethod(sql, sessionId, method);
    await sql`update auth.sessions set user_agent = ${request.headers.get("user-agent")} where id = ${sessionId}`;
    const facts = await factsOf(sql, sessionId);
    return facts === null ? { kind: "gone" } : { kind: "open", facts };
  });
}
