-- Who may do what: recipients and senders read the clear metadata of their own messages and, while it is readable, its sealed
-- header. Bodies, attachments and the sealed content key are selectable by nobody: `private.open_message` alone hands them out,
-- and writes `opened` in the same transaction. Nobody inserts, updates or deletes but through functions.

create type public.delivery_kind as enum ('to', 'cc', 'bcc', 'sender', 'review');
create type public.delivery_channel as enum ('sealed', 'mail');
create type public.delivery_folder as enum ('inbox', 'sent', 'deleted');
create type public.receipt_kind as enum ('notified', 'bounced', 'delivered', 'opened');

create table public.messages (
  id uuid primary key,
  owner_account uuid not null references public.accounts (id),
  owner_address text not null,
  owner_name text,
  thread_id uuid not null,
  mail_mac bytea not null constraint "a mail's MAC is 32 bytes" check (length(mail_mac) = 32),
  message_id_mac bytea constraint "a Message-ID's MAC is 32 bytes" check (length(message_id_mac) = 32),
  definition text not null,
  because text not null,
  controls jsonb not null,
  size_bytes bigint not null,
  attachment_count integer not null,
  signature bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  latest_expiry timestamptz,
  recalled_at timestamptz,
  content_removed_at timestamptz,
  constraint "a message expires after it was made" check (expires_at > created_at),
  constraint "a message expires no later than its signature allows" check (latest_expiry is null or expires_at <= latest_expiry)
);
create index "messages by Message-ID" on public.messages (message_id_mac) where message_id_mac is not null;
create index "messages of one mail" on public.messages (mail_mac);
create index "messages of an owner" on public.messages (owner_account, created_at desc);
create index "messages whose content is due to go" on public.messages (expires_at) where content_removed_at is null;
create index "messages recalled whose content is there" on public.messages (recalled_at) where content_removed_at is null and recalled_at is not null;
alter table public.messages enable row level security;
alter table public.messages force row level security;
revoke all on public.messages from anon, authenticated, service_role;
comment on table public.messages is 'Secure messages: clear metadata. Set recalled_at to recall one, expires_at (up to latest_expiry) to shorten or extend its life.';
comment on column public.messages.owner_address is 'The authenticated sender, never merely what From says.';
comment on column public.messages.owner_name is 'The display name of From, as notices show it.';
comment on column public.messages.mail_mac is 'HMAC of sender, Message-ID and body: retries and split transactions of one mail meet by it.';
comment on column public.messages.message_id_mac is 'HMAC of the Message-ID: a reply inside a secured thread is known by it.';
comment on column public.messages.definition is 'The definition whose controls the message was given, by name as it was then; "held for review" for a reviewer''s copy.';
comment on column public.messages.because is 'Why it was secured: policy (named in verdicts), tag, thread, label or confidential.';
comment on column public.messages.controls is 'Print, download, reply, reply all, receipt, watermark, view limit, online only: signed with the message.';
comment on column public.messages.signature is 'The gateway''s signature over ids, owner, controls, latest expiry and ciphertext hashes.';
comment on column public.messages.latest_expiry is 'The latest time that expires_at can be extended to (signed); empty: no limit.';
comment on column public.messages.recalled_at is 'Set to recall: hidden at once, keys deleted after settings.recall_window.';
comment on column public.messages.content_removed_at is 'When keys, body and objects were deleted; what is left is the tombstone.';

create table public.message_contents (
  message_id uuid primary key references public.messages (id) on delete cascade,
  header bytea not null,
  body bytea not null
);
alter table public.message_contents alter column header set storage external;
alter table public.message_contents alter column body set storage external;
alter table public.message_contents enable row level security;
alter table public.message_contents force row level security;
revoke all on public.message_contents from anon, authenticated, service_role;
comment on table public.message_contents is 'The sealed header and body of messages that have not ended.';

create table public.deliveries (
  id uuid primary key,
  message_id uuid not null references public.messages (id) on delete cascade,
  mailbox_id uuid references public.mailboxes (id),
  address text not null,
  kind public.delivery_kind not null,
  channel public.delivery_channel not null default 'sealed',
  folder public.delivery_folder not null,
  mail_mac bytea not null,
  key_version integer,
  sealed_header_key bytea,
  sealed_content_key bytea,
  stored_at timestamptz not null default now(),
  notified_at timestamptz,
  bounced_at timestamptz,
  delivered_at timestamptz,
  first_opened_at timestamptz,
  last_opened_at timestamptz,
  open_count integer not null default 0,
  read_at timestamptz,
  recalled_at timestamptz,
  constraint "a sealed delivery names its mailbox and key" check (channel = 'mail' or (mailbox_id is not null and key_version is not null))
);
create unique index "one mail reaches an address once" on public.deliveries (mail_mac, address, (kind = 'sender'));
create index "a mailbox's folder, newest first" on public.deliveries (mailbox_id, folder, stored_at desc, id desc);
create index "deliveries of a message" on public.deliveries (message_id);
alter table public.deliveries enable row level security;
alter table public.deliveries force row level security;
revoke all on public.deliveries from anon, authenticated, service_role;
comment on table public.deliveries is 'One message in one mailbox: its sealed keys, folder and state. The sender''s own copy is a delivery of kind sender.';
comment on column public.deliveries.kind is 'to, cc, bcc: as the mail named the recipient. sender: the copy in Sent. review: the copy of a held mail for a reviewer.';
comment on column public.deliveries.channel is 'sealed: read in the portal. mail: an internal recipient got ordinary mail (beside it a sealed copy, where it was written in the portal).';
comment on column public.deliveries.sealed_header_key is 'HPKE encapsulation and sealed header key: enough for the list, not for the body.';
comment on column public.deliveries.sealed_content_key is 'The sealed content key. Selectable by nobody: it leaves by open_message only.';
comment on column public.deliveries.notified_at is 'When the recipient''s mail server took the notice.';
comment on column public.deliveries.recalled_at is 'Set to recall the message for this recipient alone.';

create table public.attachments (
  id uuid primary key,
  message_id uuid not null references public.messages (id) on delete cascade,
  part integer not null constraint "parts count from one" check (part >= 1),
  size_bytes bigint not null,
  cipher_bytes bigint not null,
  sha256 bytea not null constraint "a hash is 32 bytes" check (length(sha256) = 32),
  data bytea,
  object_name text,
  constraint "an attachment lies beside the message or in Storage" check ((data is null) <> (object_name is null)),
  unique (message_id, part)
);
alter table public.attachments alter column data set storage external;
create unique index "an object belongs to one attachment" on public.attachments (object_name) where object_name is not null;
alter table public.attachments enable row level security;
alter table public.attachments force row level security;
revoke all on public.attachments from anon, authenticated, service_role;
comment on table public.attachments is 'Sealed attachments, inline images too. Names and types are sealed in the body.';
comment on column public.attachments.data is 'The ciphertext, when small (settings.inline_attachment_bytes).';
comment on column public.attachments.object_name is 'The ciphertext''s object in the bucket attachments, when large.';

create table public.receipts (
  id uuid primary key default gen_random_uuid(),
  delivery_id uuid not null references public.deliveries (id) on delete cascade,
  message_id uuid not null references public.messages (id) on delete cascade,
  account_id uuid references public.accounts (id),
  kind public.receipt_kind not null,
  opening_id uuid,
  occurred_at timestamptz not null default now(),
  reported_at timestamptz not null default now(),
  constraint "an opening has its id and its reader" check (kind <> 'opened' or (opening_id is not null and account_id is not null))
);
create index "receipts of a delivery" on public.receipts (delivery_id, reported_at);
create index "receipts of a message" on public.receipts (message_id);
create index "receipts of an account" on public.receipts (account_id) where account_id is not null;
create index "receipts by opening" on public.receipts (delivery_id, opening_id) where opening_id is not null;
alter table public.receipts enable row level security;
alter table public.receipts force row level security;
revoke all on public.receipts from anon, authenticated, service_role;
comment on table public.receipts is 'What happened to a delivery, and when. Append-only.';
comment on column public.receipts.opening_id is 'Made by the device: the same id within two minutes is the same opening.';
comment on column public.receipts.occurred_at is 'When it happened, as the device says, bounded by delivery and now.';
comment on column public.receipts.reported_at is 'When the server heard of it.';

create function private.refuse_change() returns trigger
language plpgsql set search_path = ''
as $$ begin raise exception '% is append-only: add a row instead of changing one.', tg_table_name using errcode = '42501'; end $$;
comment on function private.refuse_change() is 'Keeps a table append-only, for administrators too.';
create trigger "receipts are append-only" before update on public.receipts for each row execute function private.refuse_change();

create function private.refuse_signed_change() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if (new.id, new.owner_account, new.thread_id, new.controls, new.created_at, new.latest_expiry, new.signature)
    is distinct from (old.id, old.owner_account, old.thread_id, old.controls, old.created_at, old.latest_expiry, old.signature) then
    raise exception 'Owner, thread, controls and latest expiry of a message are signed and cannot be changed; shorten expires_at or set recalled_at instead.'
      using errcode = '42501';
  end if;
  return new;
end $$;
comment on function private.refuse_signed_change() is 'Tells an administrator at once what every reader''s app would otherwise refuse.';
create trigger "what is signed stays" before update on public.messages for each row execute function private.refuse_signed_change();

create function private.is_readable(m public.messages) returns boolean
language sql stable set search_path = ''
as $$ select m.recalled_at is null and m.content_removed_at is null and (m.expires_at is null or m.expires_at > now()) $$;
comment on function private.is_readable(public.messages) is 'Not expired at this second, not recalled, not removed.';

create function private.is_party(p_message uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (select 1 from public.deliveries d
    where d.message_id = p_message and d.mailbox_id in (select private.my_mailboxes()))
$$;
comment on function private.is_party(uuid) is 'The caller has a delivery of the message. Definer: used inside policies of both tables.';

create function private.may_read(p_message uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (select 1 from public.messages m join public.deliveries d on d.message_id = m.id
    where m.id = p_message and private.is_readable(m) and d.recalled_at is null
      and d.mailbox_id in (select private.my_mailboxes()))
$$;
comment on function private.may_read(uuid) is 'The caller has a delivery of the message, and it is readable at this second. Definer: see is_party.';
grant execute on function private.is_readable(public.messages), private.is_party(uuid), private.may_read(uuid) to authenticated;

create policy "parties see a message's metadata" on public.messages for select to authenticated
  using (private.is_party(id));
grant select (id, owner_account, owner_address, owner_name, thread_id, definition, controls, size_bytes, attachment_count,
  signature, created_at, expires_at, latest_expiry, recalled_at, content_removed_at) on public.messages to authenticated;

create policy "parties see the sealed header while it is readable" on public.message_contents for select to authenticated
  using (private.may_read(message_id));
grant select (message_id, header) on public.message_contents to authenticated;

create policy "members see their mailbox's deliveries" on public.deliveries for select to authenticated
  using (mailbox_id in (select private.my_mailboxes()));
grant select (id, message_id, mailbox_id, folder, key_version, sealed_header_key, stored_at, delivered_at,
  first_opened_at, last_opened_at, open_count, read_at, recalled_at) on public.deliveries to authenticated;

create policy "readers see their own receipts, senders those of their messages" on public.receipts for select to authenticated
  using (account_id = (select private.me())
    or exists (select 1 from public.messages m where m.id = message_id and m.owner_account = (select private.me())));
grant select on public.receipts to authenticated;
