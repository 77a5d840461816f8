/**
 * Users as an administrator changes them, each change in one transaction and in GoTrue's order of statements.
 *
 * The order matters: a trigger on `auth.users` sees the new password in one statement and the new metadata in a later
 * one of the same transaction, here as on hosted Supabase.
 */
import type { Sql, TransactionSql } from "postgres";
import { hashPassword } from "./password-hash.ts";
import type { Claims } from "./token.ts";
import { merged, type UserChange } from "./user-change.ts";
import { readUser, type UserRow } from "./user-row.ts";

/** Whether somebody else than `id` has this address. Asked before anything is written, as GoTrue does. */
export async function isTaken(sql: Sql, email: string, id: string | null): Promise<boolean> {
  const others = await sql`
    select 1 from auth.users where email = ${email} and not is_sso_user and id is distinct from ${id}::uuid`;
  return others.length > 0;
}

export async function createUser(sql: Sql, change: UserChange): Promise<UserRow | null> {
  const id = change.id ?? crypto.randomUUID();
  const hash = await hashOf(change);
  const appMetadata = { provider: "email", providers: ["email"], ...change.appMetadata };
  return sql.begin(async (tx) => {
    await tx`
      insert into auth.users (instance_id, id, aud, role, email, encrypted_password, raw_app_meta_data,
        raw_user_meta_data, created_at, updated_at)
      values ('00000000-0000-0000-0000-000000000000', ${id}, 'authenticated', ${change.role ?? "authenticated"},
        ${change.email}, ${hash}, ${json(tx, appMetadata)}, ${json(tx, change.userMetadata ?? {})}, now(), now())`;
    await insertIdentity(tx, id, change.email);
    if (change.emailConfirm) await tx`update auth.users set email_confirmed_at = now() where id = ${id}`;
    await ban(tx, id, change.banSeconds);
    await note(tx, "user_signedup", id, change.email);
    return readUser(tx, id);
  });
}

/** The changed user, or null when there is none. */
export async function updateUser(sql: Sql, id: string, change: UserChange): Promise<UserRow | null> {
  const hash = await hashOf(change);
  return sql.begin(async (tx) => {
    const [row] = await tx<{ id: string }[]>`select id from auth.users where id = ${id} for update`;
    const user = row === undefined ? null : await readUser(tx, id);
    if (user === null) return null;
    if (change.role !== null)
      await tx`update auth.users set role = ${change.role}, updated_at = now() where id = ${id}`;
    if (change.emailConfirm) {
      await tx`update auth.users set email_confirmed_at = coalesce(email_confirmed_at, now()), confirmation_token = '',
        updated_at = now() where id = ${id}`;
    }
    if (hash !== null) await setPassword(tx, id, hash);
    if (change.email !== null && change.email !== user.email) await setEmail(tx, id, change.email);
    if (change.appMetadata !== null) {
      const metadata = json(tx, merged(user.app_metadata, change.appMetadata));
      await tx`update auth.users set raw_app_meta_data = ${metadata}, updated_at = now() where id = ${id}`;
    }
    if (change.userMetadata !== null) {
      const metadata = json(tx, merged(user.user_metadata, change.userMetadata));
      await tx`update auth.users set raw_user_meta_data = ${metadata}, updated_at = now() where id = ${id}`;
    }
    await ban(tx, id, change.banSeconds);
    await note(tx, "user_modified", id, change.email ?? user.email);
    return readUser(tx, id);
  });
}

/** Whether there was such a user. Their sessions, tokens and identities go with them. */
export async function deleteUser(sql: Sql, id: string): Promise<boolean> {
  return sql.begin(async (tx) => {
    await tx`delete from auth.refresh_tokens where user_id = ${id}`;
    const gone = await tx<
      { email: string | null }[]
    >`delete from auth.users where id = ${id} returning email`;
    if (gone[0] !== undefined) await note(tx, "user_deleted", id, gone[0].email);
    return gone.length > 0;
  });
}

/** A new password ends every session of its user, and every mailed code. */
async function setPassword(tx: TransactionSql, id: string, hash: string): Promise<void> {
  await tx`update auth.users set encrypted_password = ${hash}, updated_at = now() where id = ${id}`;
  await tx`update auth.users set recovery_token = null, email_change_token_current = null,
    email_change_token_new = null, reauthentication_token = null where id = ${id}`;
  await tx`delete from auth.refresh_tokens where user_id = ${id}`;
  await tx`delete from auth.sessions where user_id = ${id}`;
}

async function setEmail(tx: TransactionSql, id: string, email: string): Promise<void> {
  await tx`update auth.identities set updated_at = now(),
    identity_data = identity_data || jsonb_build_object('email', ${email}::text, 'email_verified', false)
    where user_id = ${id} and provider = 'email'`;
  await tx`update auth.users set email = ${email}, updated_at = now() where id = ${id}`;
}

async function insertIdentity(tx: TransactionSql, id: string, email: string | null): Promise<void> {
  const data = json(tx, { sub: id, email, email_verified: false, phone_verified: false });
  await tx`
    insert into auth.identities (id, provider, provider_id, user_id, identity_data, last_sign_in_at)
    values (gen_random_uuid(), 'email', ${id}, ${id}, ${data}, now())`;
}

async function ban(tx: TransactionSql, id: string, seconds: number | null): Promise<void> {
  if (seconds === null) return;
  await tx`update auth.users set updated_at = now(),
    banned_until = case when ${seconds}::float8 > 0 then now() + make_interval(secs => ${seconds}::float8) end
    where id = ${id}`;
}

async function note(tx: TransactionSql, action: string, id: string, email: string | null): Promise<void> {
  const payload = {
    action,
    actor_username: "service_role",
    log_type: "team",
    traits: { user_id: id, user_email: email },
  };
  await tx`insert into auth.audit_log_entries (id, payload, created_at) values (gen_random_uuid(), ${json(tx, payload)}, now())`;
}

async function hashOf(change: UserChange): Promise<string | null> {
  return change.password === null ? change.passwordHash : hashPassword(change.password);
}

function json(tx: TransactionSql, value: Claims | object) {
  return tx.json(JSON.parse(JSON.stringify(value)));
}
