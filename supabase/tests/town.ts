/**
 * A town of people for database tests: accounts, mailboxes, sessions and messages, made by the same functions as in life.
 *
 * The sealed bytes are random: these tests are about who gets which bytes, not about what is inside.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { Pool, type PoolClient, type QueryResultRow } from "pg";
import { temporaryPostgres } from "../local/src/postgres/temporary-postgres.ts";

export type Person = { readonly id: string; readonly address: string; readonly mailboxId: string };
export type Session = { readonly claims: string };
export type Sent = { readonly messageId: string; readonly deliveries: ReadonlyMap<string, string> };

type Letter = {
  from: Person;
  to: readonly Person[];
  expiresAt?: Date;
  viewLimit?: number;
  mailMac?: Buffer;
  attachment?: Buffer;
  objectName?: string;
};

const b64 = (size: number) => randomBytes(size).toString("base64");

/** Starts a Postgres of its own with the migrations applied; `leave` stops it and removes it. */
export async function foundTown() {
  const postgres = await temporaryPostgres();
  const admin = poolOf(postgres.url("postgres"), 4);
  const platform = poolOf(postgres.url("supabase_admin"), 1);
  const gateway = poolOf(postgres.url("sealpost_gateway"), 4);
  return {
    admin,
    platform,
    gateway,
    postgres,
    settle: (name: string, status?: "invited" | "active") => settle(admin, name, status),
    signIn: (person: Person, options?: { amr?: string; trusted?: boolean }) =>
      signIn(platform, person, options),
    send: (letter: Letter) => send(gateway, letter),
    as: <T extends QueryResultRow>(session: Session | null, sql: string, values: unknown[] = []) =>
      asPerson<T>(admin, session, { sql, values }),
    async leave() {
      await Promise.all([admin.close(), platform.close(), gateway.close()]);
      await postgres.stop();
    },
  };
}

/** A pool whose `close` waits until each connection is closed: `Pool.end` alone does not. */
function poolOf(connectionString: string, max: number): Pool & { close(): Promise<void> } {
  const pool = new Pool({ connectionString, max });
  const closed: Promise<unknown>[] = [];
  pool.on("connect", (client) => closed.push(new Promise((resolve) => client.once("end", resolve))));
  return Object.assign(pool, {
    async close() {
      await pool.end();
      await Promise.all(closed);
    },
  });
}

async function settle(admin: Pool, name: string, status: "invited" | "active" = "active"): Promise<Person> {
  const person = { id: randomUUID(), address: `${name}@example.org`, mailboxId: randomUUID() };
  await admin.query("select private.add_account($1)", [accountOf(person)]);
  await admin.query("select private.add_mailbox($1)", [mailboxOf(person)]);
  await admin.query(
    "update public.accounts set status = $2, wrapped_key = '\\x01', temporary_password_expires_at = now() + interval '7 days' where id = $1",
    [person.id, status],
  );
  return person;
}

export function accountOf(person: Person) {
  return {
    id: person.id,
    address: person.address,
    kind: "external",
    public_key: b64(65),
    key_version: 1,
    attestation: b64(65),
    invite_sealed: b64(114),
    escrow_sealed: b64(114),
  };
}

export function mailboxOf(person: Person) {
  return {
    id: person.mailboxId,
    address: person.address,
    public_key: b64(65),
    key_version: 1,
    attestation: b64(65),
    member: { account_id: person.id, sealed_key: b64(114) },
  };
}

async function signIn(
  platform: Pool,
  person: Person,
  { amr = "password", trusted = true } = {},
): Promise<Session> {
  const sessionId = randomUUID();
  await platform.query(
    "insert into auth.users (id, email, aud, role) values ($1, $2, 'authenticated', 'authenticated') on conflict (id) do nothing",
    [person.id, person.address],
  );
  await platform.query(
    "insert into auth.sessions (id, user_id, created_at, updated_at, aal) values ($1, $2, now(), now(), 'aal1')",
    [sessionId, person.id],
  );
  if (trusted) {
    await platform.query("insert into private.trusted_sessions (session_id, account_id) values ($1, $2)", [
      sessionId,
      person.id,
    ]);
  }
  const claims = {
    sub: person.id,
    role: "authenticated",
    aal: "aal1",
    session_id: sessionId,
    amr: [{ method: amr }],
  };
  return { claims: JSON.stringify(claims) };
}

/** The JSON of a letter for `private.store_message`. */
export function letterOf({ from, to, expiresAt, viewLimit, mailMac, attachment, objectName }: Letter) {
  const deliveries = to.map((person) => deliveryOf(person, "to"));
  const message = {
    id: randomUUID(),
    owner_account: from.id,
    owner_address: from.address,
    owner_name: "Ann",
    thread_id: randomUUID(),
    mail_mac: (mailMac ?? randomBytes(32)).toString("base64"),
    message_id_mac: b64(32),
    definition: "30-days",
    because: "tag",
    controls: { print: true, viewLimit: viewLimit ?? null },
    size_bytes: 5,
    attachment_count: attachment === undefined && objectName === undefined ? 0 : 1,
    signature: b64(65),
    created_at_ms: Date.now() - 60_000,
    expires_at_ms: expiresAt?.getTime() ?? null,
    latest_expiry_ms: null,
  };
  const size = attachment?.length ?? 1_000_000;
  const part = {
    id: randomUUID(),
    part: 1,
    size,
    cipher_bytes: size,
    sha256: b64(32),
    offset: 0,
    object_name: objectName ?? null,
  };
  return {
    message,
    accounts: [] as ReturnType<typeof accountOf>[],
    mailboxes: [] as ReturnType<typeof mailboxOf>[],
    deliveries: [...deliveries, deliveryOf(from, "sender")],
    attachments: message.attachment_count === 0 ? [] : [part],
    relay: null as null | { id: string; sender: string; recipients: string[] },
  };
}

function deliveryOf(person: Person, kind: "to" | "sender") {
  return {
    id: randomUUID(),
    mailbox_id: person.mailboxId,
    address: person.address,
    kind,
    channel: "sealed",
    key_version: 1,
    sealed_header_key: b64(114),
    sealed_content_key: b64(49),
  };
}

async function send(gateway: Pool, letter: Letter): Promise<Sent> {
  const stored = letterOf(letter);
  await storeLetter(gateway, stored, letter.attachment);
  return {
    messageId: stored.message.id,
    deliveries: new Map(
      stored.deliveries.map((delivery) => [`${delivery.kind} ${delivery.address}`, delivery.id]),
    ),
  };
}

/** Stores a letter as the gateway does; gives what the database answers. */
export async function storeLetter(
  gateway: Pool | PoolClient,
  stored: ReturnType<typeof letterOf>,
  attachment: Buffer = Buffer.alloc(0),
): Promise<{ kind: string; deliveries?: number }> {
  const result = await gateway.query("select private.store_message($1, $2, $3, $4, $5) as answer", [
    stored,
    randomBytes(80),
    randomBytes(200),
    attachment,
    stored.relay === null ? null : randomBytes(300),
  ]);
  return result.rows[0].answer;
}

async function asPerson<T extends QueryResultRow>(
  admin: Pool,
  session: Session | null,
  { sql, values }: { sql: string; values: unknown[] },
): Promise<T[]> {
  const client = await admin.connect();
  try {
    await client.query("begin");
    await client.query(`set local role ${session === null ? "anon" : "authenticated"}`);
    await client.query("select set_config('request.jwt.claims', $1, true)", [session?.claims ?? "{}"]);
    const result = await client.query<T>(sql, values);
    await client.query("commit");
    return result.rows;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

export type Town = Awaited<ReturnType<typeof foundTown>>;
