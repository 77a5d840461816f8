/** Grants: the exact list of who may execute what, so that a new right is a line in a review. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { foundTown, type Town } from "./town.ts";

let town: Town;
beforeAll(async () => {
  town = await foundTown();
});
afterAll(() => town.leave());

async function executableBy(role: string): Promise<string[]> {
  const found = await town.platform.query(
    `select n.nspname || '.' || p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('public', 'private') and p.prorettype <> 'trigger'::regtype and has_function_privilege($1, p.oid, 'execute')
     order by 1`,
    [role],
  );
  return found.rows.map((row) => row.name);
}

const portal = [
  "attachment_data",
  "decide_held",
  "drop_portal_uploads",
  "get_message",
  "held_mail",
  "list_messages",
  "my_account",
  "my_correspondents",
  "my_portal_limits",
  "my_portal_mail",
  "open_message",
  "reserve_portal_upload",
  "send_portal_mail",
  "sent_recipients",
  "set_read",
  "withdraw_portal_mail",
];
const functions = [
  "account_for_password",
  "add_pending_wrap",
  "begin_sign_in",
  "claim_invites",
  "claim_notices",
  "finish_notice",
  "finish_sign_in",
  "objects_swept",
  "objects_to_sweep",
];

test("anon may execute nothing", async () => {
  expect(await executableBy("anon")).toEqual([]);
});

test("signed-in people may execute the portal's functions and the gates in their policies", async () => {
  const gates = [
    "is_party",
    "is_readable",
    "may_download",
    "may_fetch_upload",
    "may_read",
    "may_upload",
    "me",
    "my_mailboxes",
    "session_is_trusted",
  ];

  expect(await executableBy("authenticated")).toEqual(
    [
      ...[...gates, ...portal, "my_mailbox_keys"].map((n) => `private.${n}`),
      ...[...portal, "my_mailboxes"].map((n) => `public.${n}`),
    ].sort(),
  );
});

test("edge functions may execute their outbox and sign-in functions", async () => {
  expect(await executableBy("service_role")).toEqual(
    [
      ...[...functions, "b64", "unb64"].map((n) => `private.${n}`),
      ...functions.map((n) => `public.${n}`),
    ].sort(),
  );
});

test("the gateway may execute its functions and read no table", async () => {
  const tables = await town.platform.query(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'private', 'auth', 'storage') and c.relkind in ('r', 'v', 'p')
      and (has_any_column_privilege('sealpost_gateway', c.oid, 'select, insert, update')
        or has_table_privilege('sealpost_gateway', c.oid, 'delete, truncate'))`);

  expect(await executableBy("sealpost_gateway")).toEqual([
    "private.add_verdicts",
    "private.claim_held_mails",
    "private.claim_portal_mail",
    "private.claim_relay_jobs",
    "private.expire_due",
    "private.find_threads",
    "private.finish_held_mail",
    "private.finish_relay_job",
    "private.gateway_config",
    "private.gateway_policies",
    "private.good_policies",
    "private.held_content",
    "private.hold_mail",
    "private.hold_portal_mail",
    "private.mail_keys",
    "private.mark_policy_errors",
    "private.notice_returned",
    "private.policy_version",
    "private.portal_mail_facts",
    "private.portal_mail_parcel",
    "private.refuse_portal_mail",
    "private.relay_content",
    "private.reserve_upload",
    "private.retry_held_mail",
    "private.retry_portal_mail",
    "private.smtp_credential",
    "private.store_message",
    "private.store_portal_mail",
    "private.work_due",
  ]);
  expect(tables.rows).toEqual([]);
});

test("every definer function has an empty search path and says why it is one", async () => {
  const found = await town.platform.query(`
    select p.oid::regprocedure::text as name, p.proconfig as config, coalesce(obj_description(p.oid, 'pg_proc'), '') as why
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'private') and p.prosecdef`);

  expect(found.rows.length).toBeGreaterThan(20);
  for (const { name, config, why } of found.rows) {
    expect(config, name).toContain('search_path=""');
    expect(why, name).toMatch(/Definer: /);
    expect(name, "definers live in private").not.toMatch(/^public\./);
  }
});

test("row-level security is enabled and forced on every table of public, and every table and column that is not obvious has a comment", async () => {
  const found = await town.platform.query(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity and obj_description(c.oid, 'pg_class') is not null)`);

  expect(found.rows).toEqual([]);
});
