/**
 * A row of `auth.users` with its identities, and the JSON that Supabase Auth makes of it.
 */
import type { Sql, TransactionSql } from "postgres";
import type { Claims } from "./token.ts";

type Identity = {
  id: string;
  provider_id: string;
  user_id: string;
  identity_data: Claims;
  provider: string;
  last_sign_in_at: string | null;
  created_at: string;
  updated_at: string;
  email: string | null;
};

export type UserRow = {
  id: string;
  aud: string | null;
  role: string | null;
  email: string | null;
  phone: string | null;
  email_confirmed_at: string | null;
  invited_at: string | null;
  confirmation_sent_at: string | null;
  recovery_sent_at: string | null;
  last_sign_in_at: string | null;
  banned_until: string | null;
  app_metadata: Claims;
  user_metadata: Claims;
  identities: Identity[];
  created_at: string;
  updated_at: string;
};

/** One user, or null. */
export async function readUser(sql: Sql | TransactionSql, id: string): Promise<UserRow | null> {
  const [row] = await sql<UserRow[]>`${selectUsers(sql)} where u.id = ${id}`;
  return row ?? null;
}

/** One page of users, newest first as hosted lists them, and how many there are. */
export async function readUsers(
  sql: Sql,
  page: number,
  perPage: number,
): Promise<{ users: UserRow[]; total: number }> {
  const users = await sql<UserRow[]>`
    ${selectUsers(sql)} order by u.created_at desc, u.id limit ${perPage} offset ${(page - 1) * perPage}`;
  const [count] = await sql<{ total: string }[]>`select count(*) as total from auth.users`;
  return { users: [...users], total: Number(count?.total ?? 0) };
}

/** The user as Supabase Auth answers it; what is empty is left out. */
export function userJson(row: UserRow): Record<string, unknown> {
  const { email, phone, email_confirmed_at, ...rest } = row;
  const all = {
    ...rest,
    aud: row.aud ?? "authenticated",
    role: row.role ?? "authenticated",
    email: email ?? "",
    phone: phone ?? "",
    email_confirmed_at,
    confirmed_at: email_confirmed_at,
    identities: row.identities.map(({ id, provider_id, ...identity }) => ({
      identity_id: id,
      id: provider_id,
      ...identity,
    })),
    is_anonymous: false,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function selectUsers(sql: Sql | TransactionSql) {
  return sql`
    select u.id, u.aud, u.role, u.email, u.phone, u.email_confirmed_at, u.invited_at, u.confirmation_sent_at,
      u.recovery_sent_at, u.last_sign_in_at, u.banned_until, u.created_at, u.updated_at,
      coalesce(u.raw_app_meta_data, '{}') as app_metadata,
      coalesce(u.raw_user_meta_data, '{}') as user_metadata,
      coalesce((
        select json_agg(json_build_object(
          'id', i.id, 'provider_id', i.provider_id, 'user_id', i.user_id, 'identity_data', i.identity_data,
          'provider', i.provider, 'last_sign_in_at', to_char(i.last_sign_in_at at time zone 'utc', ${isoFormat}),
          'created_at', to_char(i.created_at at time zone 'utc', ${isoFormat}),
          'updated_at', to_char(i.updated_at at time zone 'utc', ${isoFormat}),
          'email', i.email) order by i.created_at)
        from auth.identities i where i.user_id = u.id), '[]') as identities
    from auth.users u`;
}

const isoFormat = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
