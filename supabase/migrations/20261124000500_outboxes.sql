-- Who may do what: the gateway fills the outboxes, the edge functions and the gateway claim from them by functions;
-- administrators read them in the dashboard and may set state back to 'due' to try again. Nobody else sees them.

create type public.notice_kind as enum ('message', 'temporary_password');
create type public.notice_state as enum ('due', 'sent', 'failed', 'bounced');

create table public.notices (
  id uuid primary key default gen_random_uuid(),
  kind public.notice_kind not null,
  account_id uuid references public.accounts (id) on delete cascade,
  delivery_id uuid references public.deliveries (id) on delete cascade,
  address text not null,
  state public.notice_state not null default 'due',
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  claimed_until timestamptz,
  last_error text,
  token uuid not null default gen_random_uuid(),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  constraint "a notice has its delivery, a temporary password its account"
    check ((kind = 'message' and delivery_id is not null) or (kind = 'temporary_password' and account_id is not null))
);
create unique index "one notice a delivery" on public.notices (delivery_id) where delivery_id is not null;
create unique index "one temporary password on its way an account" on public.notices (account_id)
  where kind = 'temporary_password' and state = 'due';
create unique index "notices by token" on public.notices (token);
create index "notices that are due" on public.notices (kind, due_at) where state = 'due';
create index "temporary passwords of an account" on public.notices (account_id, created_at desc) where account_id is not null;
alter table public.notices enable row level security;
alter table public.notices force row level security;
revoke all on public.notices from anon, authenticated, service_role;
comment on table public.notices is 'Outbox of the mails to recipients: notices without content, and temporary passwords (made when they are sent, stored nowhere).';
comment on column public.notices.state is 'Set to due, with attempts 0, to send again.';
comment on column public.notices.claimed_until is 'A sender has it until then; afterwards another one may try.';
comment on column public.notices.last_error is 'What the mail server answered last.';
comment on column public.notices.token is 'Bounces and replies come back to notices+<token>@<notice domain>.';

create type public.relay_state as enum ('due', 'done', 'failed');

create table public.relay_jobs (
  id uuid primary key,
  message_id uuid references public.messages (id) on delete set null,
  mail_mac bytea not null,
  sender text not null,
  recipients text[] not null constraint "a relay job has recipients" check (cardinality(recipients) > 0),
  content bytea,
  state public.relay_state not null default 'due',
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  claimed_until timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint "a job that is due has its content" check (state <> 'due' or content is not null)
);
alter table public.relay_jobs alter column content set storage external;
create index "relay jobs that are due" on public.relay_jobs (due_at) where state = 'due';
create index "relay jobs of a message" on public.relay_jobs (message_id) where message_id is not null;
alter table public.relay_jobs enable row level security;
alter table public.relay_jobs force row level security;
revoke all on public.relay_jobs from anon, authenticated, service_role;
comment on table public.relay_jobs is 'Ordinary mail still to be handed to the next hop: copies of secured mail for internal recipients, bounces.';
comment on column public.relay_jobs.content is 'The whole mail, sealed to the gateway''s key; deleted once it is done.';

create table private.uploads (
  object_name text primary key,
  cipher_bytes bigint not null,
  reserved_at timestamptz not null default now(),
  attached_at timestamptz,
  delete_after timestamptz
);
create index "uploads to delete" on private.uploads (delete_after) where delete_after is not null;
create index "uploads never attached" on private.uploads (reserved_at) where attached_at is null;
comment on table private.uploads is 'Objects in Storage: reserved before the upload, attached with the message, deleted by the sweep.';

create table public.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text,
  details jsonb not null default '{}'
);
create index "audit log by time" on public.audit_log (at);
alter table public.audit_log enable row level security;
alter table public.audit_log force row level security;
revoke all on public.audit_log from anon, authenticated, service_role;
comment on table public.audit_log is 'Who did what. Append-only; never content, words, keys or passwords.';
create trigger "the audit log is append-only" before update or delete on public.audit_log
  for each row execute function private.refuse_change();

create function private.audit(p_actor text, p_action text, p_subject text, p_details jsonb default '{}') returns void
language sql security definer set search_path = ''
as $$ insert into public.audit_log (actor, action, subject, details) values (p_actor, p_action, p_subject, p_details) $$;
comment on function private.audit(text, text, text, jsonb) is 'Adds a line to the audit log. Definer: callers may append, never read or change.';

create policy "nobody sees settings through the API" on public.settings for select to authenticated using (false);
create policy "nobody sees domains through the API" on public.domains for select to authenticated using (false);
create policy "nobody sees definitions through the API" on public.definitions for select to authenticated using (false);
create policy "nobody sees notices through the API" on public.notices for select to authenticated using (false);
create policy "nobody sees relay jobs through the API" on public.relay_jobs for select to authenticated using (false);
create policy "nobody sees attachments through the API" on public.attachments for select to authenticated using (false);
create policy "nobody sees the audit log through the API" on public.audit_log for select to authenticated using (false);
