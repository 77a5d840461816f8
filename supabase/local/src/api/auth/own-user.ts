/**
 * `/user`: what a signed-in person reads and changes of themselves.
 *
 * What `@supabase/lite` 0.10 lacks: banned users keep reading, the person's other sessions outlive a new password, and
 * a mail about a new address goes out before the database has agreed to it.
 */
import postgres from "postgres";
import { authError, json } from "../http/answers.ts";
import { factsOf, type SessionFacts } from "./claims.ts";
import { mended } from "./mended.ts";
import type { AuthPorts } from "./ports.ts";
import { bearerOf, type Claims, readToken } from "./token.ts";
import { readUser, userJson } from "./user-row.ts";

type Asker = { kind: "known"; facts: SessionFacts } | { kind: "refused"; answer: Response };

/** Answers `GET /user`. */
export async function readOwnUser(ports: AuthPorts, request: Request): Promise<Response> {
  const asker = await askerOf(ports, request);
  switch (asker.kind) {
    case "refused":
      return asker.answer;
    case "known": {
      const user = await readUser(ports.sql, asker.facts.user_id);
      return user === null
        ? authError(403, "user_not_found", "User from sub claim in JWT does not exist")
        : json(200, userJson(user));
    }
  }
}

/** Answers `PUT /user`; a new password ends the person's other sessions. */
export async function changeOwnUser(
  ports: AuthPorts,
  request: Request,
  body: Claims,
  passOn: (body: Claims) => Promise<Response>,
): Promise<Response> {
  const asker = await askerOf(ports, request);
  switch (asker.kind) {
    case "refused":
      return asker.answer;
    case "known": {
      const refusal =
        typeof body.email === "string" ? await addressRefusal(ports, asker.facts, body.email) : null;
      if (refusal !== null) return refusal;
      const answer = await mended(await passOn(body));
      if (answer.ok && typeof body.password === "string") await endOthers(ports, asker.facts);
      return answer;
    }
  }
}

async function askerOf(ports: AuthPorts, request: Request): Promise<Asker> {
  const token = bearerOf(request);
  if (token === null) {
    return refused(401, "no_authorization", "This endpoint requires a valid Bearer token");
  }
  const claims = readToken(token, ports.jwtSecret, ports.now());
  if (claims === null) return refused(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
  if (typeof claims.sub !== "string") return refused(403, "bad_jwt", "invalid claim: missing sub claim");
  const facts = typeof claims.session_id === "string" ? await factsOf(ports.sql, claims.session_id) : null;
  if (facts === null || facts.user_id !== claims.sub) {
    return refused(403, "session_not_found", "Session from session_id claim in JWT does not exist");
  }
  if (facts.banned) return refused(403, "user_banned", "User is banned");
  return { kind: "known", facts };
}

function refused(status: number, code: string, message: string): Asker {
  return { kind: "refused", answer: authError(status, code, message) };
}

/** Tries the change and takes it back, so that a database that refuses it refuses before any mail is sent. */
async function addressRefusal(
  ports: AuthPorts,
  facts: SessionFacts,
  email: string,
): Promise<Response | null> {
  const undone = new Error("tried and taken back");
  try {
    await ports.sql.begin(async (sql) => {
      await sql`update auth.users set email_change = ${email.toLowerCase()} where id = ${facts.user_id}`;
      throw undone;
    });
  } catch (cause) {
    if (cause instanceof postgres.PostgresError) {
      return authError(500, "unexpected_failure", "Database error updating user");
    }
    if (cause !== undone) throw cause;
  }
  return null;
}

async function endOthers(ports: AuthPorts, facts: SessionFacts): Promise<void> {
  await ports.sql`delete from auth.sessions where user_id = ${facts.user_id} and id <> ${facts.session_id}`;
}
