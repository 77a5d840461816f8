/**
 * What an access token says, with every claim that hosted Supabase Auth puts in.
 *
 * What `@supabase/lite` 0.10 lacks: `iss`, `aal`, `amr`, `phone`, both metadata and `is_anonymous`. How a session was
 * opened is kept in `auth.mfa_amr_claims`, as GoTrue keeps it, and so outlives every refresh.
 */
import type { Sql, TransactionSql } from "postgres";
import type { Claims } from "./token.ts";

/** How a person proved who they are; GoTrue's words. */
export type Method = "password" | "otp";

/** One session and its user, as far as a token speaks of them. */
export type SessionFacts = {
  readonly session_id: string;
  readonly user_id: string;
  readonly aud: string;
  readonly role: string;
  readonly email: string;
  readonly phone: string;
  readonly aal: string;
  readonly app_metadata: Claims;
  readonly user_metadata: Claims;
  readonly banned: boolean;
  readonly amr: readonly { method: string; timestamp: number }[];
};

/** The claims of a token for this session, ending `lifetimeSeconds` after `nowSeconds`. */
export function claimsOf(
  facts: SessionFacts,
  issuer: string,
  nowSeconds: number,
  lifetimeSeconds: number,
): Claims {
  return {
    iss: issuer,
    sub: facts.user_id,
    aud: facts.aud,
    exp: nowSeconds + lifetimeSeconds,
    iat: nowSeconds,
    email: facts.email,
    phone: facts.phone,
    app_metadata: facts.app_metadata,
    user_metadata: facts.user_metadata,
    role: facts.role,
    aal: facts.aal,
    amr: facts.amr,
    session_id: facts.session_id,
    is_anonymous: false,
  };
}

/** Notes how a session was opened; a second time in the same way renews the note. */
export async function noteMethod(
  sql: Sql | TransactionSql,
  sessionId: string,
  method: Method,
): Promise<void> {
  await sql`
    insert into auth.mfa_amr_claims (id, session_id, authentication_method, created_at, updated_at)
    values (gen_random_uuid(), ${sessionId}, ${method}, now(), now())
    on conflict (session_id, authentication_method) do update set updated_at = now()`;
}

/** The facts of a session, or null when it is gone. */
export async function factsOf(sql: Sql | TransactionSql, sessionId: string): Promise<SessionFacts | null> {
  const [facts] = await sql<SessionFacts[]>`
    select s.id as session_id, u.id as user_id,
      coalesce(nullif(u.aud, ''), 'authenticated') as aud,
      coalesce(nullif(u.role, ''), 'authenticated') as role,
      coalesce(u.email, '') as email, coalesce(u.phone, '') as phone,
      coalesce(s.aal::text, 'aal1') as aal,
      coalesce(u.raw_app_meta_data, '{}') as app_metadata,
      coalesce(u.raw_user_meta_data, '{}') as user_metadata,
      coalesce(u.banned_until > now(), false) as banned,
      coalesce((
        select json_agg(json_build_object('method', c.authentication_method,
          'timestamp', floor(extract(epoch from c.updated_at))::bigint) order by c.updated_at desc)
        from auth.mfa_amr_claims c where c.session_id = s.id), '[]') as amr
    from auth.sessions s join auth.users u on u.id = s.user_id
    where s.id = ${sessionId}`;
  return facts ?? null;
}
