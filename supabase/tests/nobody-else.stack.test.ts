/**
 * Nobody else: by introspection, every table, view, function, object and channel is tried by people who should get nothing.
 *
 * What is added later is tried too, without a line here.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { foundTown, type Person, type Session, type Town } from "./town.ts";

const object = "7b0f4d0e-object";
let town: Town;
let ann: Person;
let bob: Person;
let bobSession: Session;
let messageId: string;
/** Everything that only Bob and Ann may ever see, as it would look in an answer. */
let secrets: string[];
/** Ids that Eve has somehow learnt. */
let learnt: string[];
const outsiders: Record<string, Session | null> = {};

beforeAll(async () => {
  town = await foundTown();
  ann = await town.settle("ann");
  bob = await town.settle("bob");
  bobSession = await town.signIn(bob);
  await town.gateway.query("select private.reserve_upload($1, 1000000)", [object]);
  const sent = await town.send({ from: ann, to: [bob], objectName: object });
  await town.send({ from: ann, to: [bob], attachment: Buffer.from("sealed inline attachment") });
  messageId = sent.messageId;
  const delivery = sent.deliveries.get("to bob@example.org")!;
  await town.as(bobSession, "select public.open_message($1, $2)", [delivery, randomUUID()]);
  await town.platform.query("insert into storage.objects (bucket_id, name) values ('attachments', $1)", [
    object,
  ]);
  await town.admin.query("select realtime.send('{\"secret\":\"for bob\"}', 'delivery', $1, true)", [
    `account:${bob.id}`,
  ]);
  const attachment = await town.admin.query("select id from public.attachments limit 1");
  learnt = [messageId, delivery, attachment.rows[0].id, bob.id, bob.mailboxId, ann.id, ann.mailboxId];
  secrets = [...(await sealedBytes()), bob.address, ann.address, object, "for bob"];
  await welcomeOutsiders();
}, 60_000);
afterAll(() => town.leave());

async function sealedBytes(): Promise<string[]> {
  const rows = await town.admin.query(`
    select encode(b, 'hex') as hex, translate(encode(b, 'base64'), E'\\n', '') as b64 from (
      select sealed_header_key as b from public.deliveries union all select sealed_content_key from public.deliveries
      union all select header from public.message_contents union all select body from public.message_contents
      union all select sealed_key from public.mailbox_members
      union all select data from public.attachments) s where b is not null`);
  return rows.rows.flatMap((row) => [row.hex, row.b64]);
}

async function welcomeOutsiders(): Promise<void> {
  const eve = await town.settle("eve");
  const ivy = await town.settle("ivy", "invited");
  const sam = await town.settle("sam");
  outsiders.nobody = null;
  outsiders["Eve, signed in and not addressed,"] = await town.signIn(eve);
  outsiders["Ivy, with a temporary password,"] = await town.signIn(ivy);
  outsiders["Bob's session by a mailed code"] = await town.signIn(bob, { amr: "otp" });
  outsiders["Bob's session made at Auth directly"] = await town.signIn(bob, { trusted: false });
  const revoked = await town.signIn(bob);
  await town.platform.query("delete from auth.sessions where id = $1", [
    JSON.parse(revoked.claims).session_id,
  ]);
  outsiders["Bob's revoked session"] = revoked;
  outsiders["Sam, suspended,"] = await town.signIn(sam);
  await town.admin.query("update public.accounts set status = 'suspended' where id = $1", [sam.id]);
  const claims = JSON.parse((await town.signIn(bob)).claims);
  outsiders["Ann's session without her second factor"] = await town.signIn(ann);
  await town.platform.query(
    "insert into auth.mfa_factors (id, user_id, factor_type, status, created_at, updated_at) values ($1, $2, 'totp', 'verified', now(), now())",
    [randomUUID(), ann.id],
  );
  outsiders["Bob's session with a forged id"] = {
    claims: JSON.stringify({ ...claims, session_id: "not-a-uuid" }),
  };
}

/** The answer as text, or what the database said instead. */
async function answerTo(session: Session | null, sql: string, values: unknown[] = []): Promise<string> {
  try {
    return JSON.stringify(await town.as(session, sql, values), hexOfBuffers);
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : ""}`;
  }
}

function hexOfBuffers(_key: string, value: unknown): unknown {
  const isBuffer = typeof value === "object" && value !== null && "type" in value && value.type === "Buffer";
  return isBuffer && "data" in value ? Buffer.from(value.data as number[]).toString("hex") : value;
}

const secretsIn = (answer: string) => secrets.filter((secret) => answer.includes(secret));

async function relations(): Promise<string[]> {
  const found = await town.platform.query(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'private', 'storage', 'realtime', 'auth') and c.relkind in ('r', 'v', 'm', 'p', 'f')`);
  return found.rows.map((row) => row.name);
}

async function columnsOf(relation: string): Promise<string[]> {
  const found = await town.platform.query(
    "select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped",
    [relation],
  );
  return found.rows.map((row) => row.name);
}

type Callable = { name: string; args: string[] };
async function callable(role: string): Promise<Callable[]> {
  const found = await town.platform.query(
    `select p.oid::regproc::text as name, array(select format_type(t, null) from unnest(p.proargtypes) t) as args
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('public', 'private', 'storage', 'realtime') and p.prorettype <> 'trigger'::regtype
       and has_function_privilege($1, p.oid, 'execute') and has_schema_privilege($1, n.oid, 'usage')`,
    [role],
  );
  return found.rows;
}

test("what is looked for can be found: Bob himself sees it", async () => {
  const list = await answerTo(bobSession, "select public.list_messages('inbox')");
  const mine = await answerTo(bobSession, "select public.my_mailboxes()");
  const objects = await answerTo(bobSession, "select name from storage.objects");

  expect(secretsIn(list).length).toBeGreaterThan(2);
  expect(secretsIn(mine).length).toBeGreaterThan(1);
  expect(secretsIn(objects)).toEqual([object]);
});

test("content keys, bodies and attachments are selectable by nobody, Bob included", async () => {
  for (const column of ["deliveries.sealed_content_key", "message_contents.body", "attachments.data"]) {
    const [table, name] = column.split(".");

    expect(await answerTo(bobSession, `select ${name} from public.${table}`)).toMatch(
      /^refused: permission denied/,
    );
  }
});

describe.each([
  "nobody",
  "Eve, signed in and not addressed,",
  "Ivy, with a temporary password,",
  "Bob's session by a mailed code",
  "Bob's session made at Auth directly",
  "Bob's revoked session",
  "Sam, suspended,",
  "Ann's session without her second factor",
  "Bob's session with a forged id",
])("%s", (who) => {
  const session = () => outsiders[who] ?? null;

  test("gets nothing of Bob's or Ann's from any column of any table or view", async () => {
    for (const relation of await relations()) {
      for (const column of await columnsOf(relation)) {
        const answer = await answerTo(session(), `select ${column} from ${relation}`);
        expect(secretsIn(answer), `${relation}.${column}`).toEqual([]);
      }
    }
  });

  test("gets nothing by any function, with ids that were learnt elsewhere", async () => {
    for (const { name, args } of await callable(session() === null ? "anon" : "authenticated")) {
      for (const id of learnt) {
        const values = args.map((type) => argumentFor(type, id));
        const answer = await answerTo(
          session(),
          `select ${name}(${args.map((type, i) => `$${i + 1}::${type}`)})`,
          values,
        );
        const learntNow = secretsIn(answer).filter((secret) => !values.includes(secret)); // an echo teaches nothing
        expect(learntNow, `${name}(${args})`).toEqual([]);
      }
    }
  });

  test("hears nothing on Bob's channel and puts nothing in Storage", async () => {
    const heard = await answerTo(
      session(),
      `select payload, set_config('realtime.topic', 'account:${bob.id}', true) from realtime.messages`,
    );
    const insert = "insert into storage.objects (bucket_id, name) values ('attachments', $1)";

    expect(secretsIn(heard)).toEqual([]);
    expect(await answerTo(session(), insert, [randomUUID()])).toMatch(/^refused/);
    expect(await answerTo(session(), "delete from storage.objects returning name")).not.toContain(object);
  });
});

function argumentFor(type: string, id: string): unknown {
  switch (type) {
    case "uuid":
      return id;
    case "uuid[]":
      return [id];
    case "text":
      return object;
    case "integer":
    case "bigint":
      return 10;
    default:
      return null;
  }
}

test("nobody with a browser may write to any table", async () => {
  const found = await town.platform.query(`
    select r.role || ' may ' || p.privilege || ' ' || c.oid::regclass as grant
    from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      unnest(array['anon', 'authenticated']) r (role), unnest(array['insert', 'update', 'delete', 'truncate', 'trigger']) p (privilege)
    where n.nspname in ('public', 'private') and c.relkind in ('r', 'v', 'p')
      and (has_table_privilege(r.role, c.oid, p.privilege)
        or (p.privilege in ('insert', 'update') and has_any_column_privilege(r.role, c.oid, p.privilege)))`);

  expect(found.rows).toEqual([]);
});
