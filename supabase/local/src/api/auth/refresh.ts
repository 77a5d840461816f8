/**
 * A new access token for an old refresh token, once.
 *
 * What `@supabase/lite` 0.10 lacks: it rotates without a transaction and takes a used token again. Here, as in GoTrue,
 * a used token is taken again only by a device that lost the answer: when its successor is still unused, or within ten
 * seconds. Any other reuse is a theft, and the whole family of tokens dies.
 */
import { randomBytes } from "node:crypto";
import type { TransactionSql } from "postgres";
import { authError, json } from "../http/answers.ts";
import { factsOf, type SessionFacts } from "./claims.ts";
import type { AuthPorts } from "./ports.ts";
import { tokenFor } from "./sign-in.ts";
import { readUser, userJson } from "./user-row.ts";

const graceSeconds = 10;

type Outcome =
  | { kind: "issued"; facts: SessionFacts; token: string }
  | { kind: "unknown" }
  | { kind: "banned" }
  | { kind: "used" };

type TokenRow = {
  token: string;
  session_id: string | null;
  revoked: boolean;
  fresh: boolean;
};

/** Answers `POST /token?grant_type=refresh_token`. */
export async function refresh(ports: AuthPorts, given: unknown): Promise<Response> {
  if (typeof given !== "string" || given === "") {
    return authError(400, "validation_failed", "refresh_token required");
  }
  const outcome = await ports.sql.begin<Outcome>((sql) => exchange(sql, given));
  switch (outcome.kind) {
    case "unknown":
      return authError(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
    case "banned":
      return authError(400, "user_banned", "Invalid Refresh Token: User Banned");
    case "used":
      return authError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
    case "issued": {
      const user = await readUser(ports.sql, outcome.facts.user_id);
      return json(200, {
        ...tokenFor(ports, outcome.facts),
        refresh_token: outcome.token,
        user: user === null ? null : userJson(user),
      });
    }
  }
}

async function exchange(sql: TransactionSql, given: string): Promise<Outcome> {
  const [old] = await sql<TokenRow[]>`
    select token, session_id, coalesce(revoked, false) as revoked,
      updated_at > now() - make_interval(secs => ${graceSeconds}) as fresh
    from auth.refresh_tokens where token = ${given} for update`;
  if (old === undefined || old.session_id === null) return { kind: "unknown" };
  await sql`select 1 from auth.sessions where id = ${old.session_id} for update`;
  const facts = await factsOf(sql, old.session_id);
  if (facts === null) return { kind: "unknown" };
  if (facts.banned) return { kind: "banned" };
  const token = old.revoked
    ? await successorOf(sql, old, facts)
    : await rotate(sql, old.token, old.session_id, facts);
  if (token === null) return { kind: "used" };
  await sql`update auth.sessions set refreshed_at = now(), updated_at = now() where id = ${old.session_id}`;
  return { kind: "issued", facts, token };
}

async function successorOf(sql: TransactionSql, old: TokenRow, facts: SessionFacts): Promise<string | null> {
  const [active] = await sql<{ token: string; parent: string | null }[]>`
    select token, parent from auth.refresh_tokens
    where session_id = ${facts.session_id} and revoked is not true order by created_at desc limit 1`;
  if (active !== undefined && (active.parent === old.token || old.fresh)) return active.token;
  await sql`
    update auth.refresh_tokens set revoked = true, updated_at = now()
    where session_id = ${facts.session_id} and revoked is not true`;
  return null;
}

async function rotate(
  sql: TransactionSql,
  old: string,
  sessionId: string,
  facts: SessionFacts,
): Promise<string> {
  const token = randomBytes(16).toString("base64url");
  await sql`update auth.refresh_tokens set revoked = true, updated_at = now() where token = ${old}`;
  await sql`
    insert into auth.refresh_tokens ${sql({
      id: crypto.randomUUID(),
      token,
      user_id: facts.user_id,
      session_id: sessionId,
      parent: old,
      revoked: false,
    })}`;
  return token;
}
