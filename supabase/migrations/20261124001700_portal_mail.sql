-- Who may do what: a signed-in person puts a sealed mail into their own outbox and sees what became of it. The gateway claims, opens,
-- judges and stores; nobody else can open a parcel. Whom somebody may write to is the gateway's to judge (the recipients are
-- sealed); here are only limits that say nothing about anybody.

alter table public.settings
  add column portal_mails_an_hour integer not null default 60
    constraint "a person sends 1 to 10000 mails an hour from the portal" check (portal_mails_an_hour between 1 and 10000);
comment on column public.settings.portal_mails_an_hour is 'How many mails each account may send from the portal in an hour.';

create type public.portal_mail_state as enum ('sending', 'sent', 'refused', 'held');

create table public.portal_mail (
  id uuid primary key,
  account_id uuid not null references public.accounts (id) on delete cascade,
  key_version integer not null,
  parcel bytea,
  own_copy bytea,
  state public.portal_mail_state not null default 'sending',
  error text constraint "what a writer is told is at most 1000 characters" check (length(error) <= 1000),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  claimed_until timestamptz,
  last_error text,
  message_id uuid references public.messages (id) on delete set null,
  mail_mac bytea constraint "a mail's MAC is 32 bytes" check (length(mail_mac) = 32),
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint "a mail that is on its way has its parcel" check (state <> 'sending' or parcel is not null),
  constraint "a refused mail says why" check (state <> 'refused' or error is not null)
);
alter table public.portal_mail alter column parcel set storage external;
alter table public.portal_mail alter column own_copy set storage external;
create index "portal mail that is due" on public.portal_mail (due_at) where state = 'sending';
create index "portal mail of an account" on public.portal_mail (account_id, created_at desc);
create index "portal mail of a message" on public.portal_mail (message_id) where message_id is not null;
create index "portal mail to forget" on public.portal_mail (finished_at) where state <> 'sending';
alter table public.portal_mail enable row level security;
alter table public.portal_mail force row level security;
revoke all on public.portal_mail from anon, authenticated, service_role;
comment on table public.portal_mail is 'Mail written in the portal, on its way to the gateway: sealed by the device, opened by the gateway alone.';
comment on column public.portal_mail.id is 'Made by the device, so that the same mail sent twice is one.';
comment on column public.portal_mail.key_version is 'The account key that the parcel was sealed with.';
comment on column public.portal_mail.parcel is 'The mail, sealed to the gateway in HPKE''s auth mode; deleted once it is dealt with.';
comment on column public.portal_mail.own_copy is 'The mail, sealed to its writer, so that a refused one can be mended; deleted once it is sent.';
comment on column public.portal_mail.error is 'Why it was refused, in a sentence for the writer.';
comment on column public.portal_mail.last_error is 'What kept the gateway from it last; for administrators.';
comment on column public.portal_mail.message_id is 'The message that it became.';
comment on column public.portal_mail.mail_mac is 'Of a mail that a policy holds: by it the held mail, and what was released, are known.';
create policy "nobody sees portal mail but through its functions" on public.portal_mail for select to authenticated using (false);

create function private.on_portal_mail_change() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.tell_account(new.account_id, 'portal-mail', jsonb_build_object('id', new.id, 'state', new.state));
  return null;
end $$;
comment on function private.on_portal_mail_change() is 'Tells the writer''s devices. Definer: see tell_account.';
create trigger "writers hear of new portal mail" after insert on public.portal_mail
  for each row execute function private.on_portal_mail_change();
create trigger "writers hear of their portal mail" after update on public.portal_mail
  for each row when (old.state is distinct from new.state) execute function private.on_portal_mail_change();

create function private.portal_mail_item(q public.portal_mail) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('id', q.id, 'state', case when q.state <> 'held' then q.state::text when own.id is not null then 'sent'
      when review.state in ('refused', 'returned') then 'refused' else 'held' end,
    'error', coalesce(q.error, case when own.id is not null then null
      when review.state = 'refused' then coalesce(review.words, 'The reviewers did not release this mail.')
      when review.state = 'returned' then 'Nobody has released this mail in time.' end),
    'created_at', q.created_at, 'finished_at', q.finished_at, 'message_id', coalesce(q.message_id, own.message_id),
    'delivery_id', own.id, 'key_version', q.key_version, 'own_copy', private.b64(q.own_copy))
  from (select 1) one
  left join lateral (select d.id, d.message_id from public.deliveries d where d.kind = 'sender' and d.message_id = q.message_id
    union all select d.id, d.message_id from public.deliveries d where d.kind = 'sender' and d.mail_mac = q.mail_mac limit 1) own on true
  left join lateral (select h.state, h.words from public.held_mails h where h.mail_mac = q.mail_mac order by h.created_at desc limit 1) review on true
$$;
comment on function private.portal_mail_item(public.portal_mail) is 'A portal mail as its writer sees it; of one that was held, what its review came to. Definer: called with rows already checked.';

create function private.send_portal_mail(p_id uuid, p_key_version integer, p_parcel bytea, p_own_copy bytea, p_objects text[]) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_me uuid := private.must_be_me();
  v_mail public.portal_mail;
  v_most integer := (select s.portal_mails_an_hour from public.settings s);
  v_since timestamptz;
  v_missing jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended(v_me::text, 1));
  select * into v_mail from public.portal_mail q where q.id = p_id;
  if found and v_mail.account_id = v_me then
    return private.portal_mail_item(v_mail) || jsonb_build_object('kind', private.portal_mail_item(v_mail) -> 'state');
  elsif found then
    raise exception 'This id is taken: make another one.' using errcode = '23505';
  end if;
  if length(p_parcel) > 8388608 or length(p_own_copy) > 8388608 then
    return jsonb_build_object('kind', 'too-large');
  end if;
  select q.created_at into v_since from public.portal_mail q
    where q.account_id = v_me and q.created_at > now() - interval '1 hour' order by q.created_at desc offset v_most - 1 limit 1;
  if found then
    return jsonb_build_object('kind', 'limited', 'seconds', ceil(extract(epoch from v_since + interval '1 hour' - now()))::integer);
  end if;

  update private.uploads u set attached_at = now()
    where u.account_id = v_me and u.portal_mail = p_id and u.object_name = any (p_objects) and u.attached_at is null
      and u.delete_after is null and private.upload_exists(u.object_name);
  select jsonb_agg(o) into v_missing from unnest(p_objects) o where not exists (select 1 from private.uploads u
    where u.object_name = o and u.account_id = v_me and u.portal_mail = p_id and u.attached_at is not null and u.delete_after is null);
  if v_missing is not null then
    update private.uploads u set attached_at = null
      where u.account_id = v_me and u.portal_mail = p_id and u.attached_at is not null and u.delete_after is null;
    return jsonb_build_object('kind', 'upload-missing', 'objects', v_missing);
  end if;
  perform private.drop_portal_uploads(p_id, null);

  insert into public.portal_mail (id, account_id, key_version, parcel, own_copy) values (p_id, v_me, p_key_version, p_parcel, p_own_copy)
    returning * into v_mail;
  return private.portal_mail_item(v_mail) || jsonb_build_object('kind', v_mail.state);
end $$;
comment on function private.send_portal_mail(uuid, integer, bytea, bytea, text[]) is
  'Takes a sealed mail into the outbox; the same id again answers what became of it. Limits an hour, and says nothing about recipients. Definer: internal tables.';

create function private.my_portal_mail() returns setof jsonb
language sql stable security definer set search_path = ''
as $$
  select private.portal_mail_item(q) from public.portal_mail q
  where q.account_id = private.me() and (q.state <> 'sent' or q.finished_at > now() - interval '1 day')
  order by q.created_at desc limit 200
$$;
comment on function private.my_portal_mail() is 'The caller''s outbox. Definer: portal mail is nobody''s to select.';

create function private.withdraw_portal_mail(p_id uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  delete from public.portal_mail q where q.id = p_id and q.account_id = private.me()
    and (q.state = 'refused' or (q.state = 'sending' and q.attempts = 0) or (q.state = 'held' and not exists (
      select 1 from public.held_mails h where h.mail_mac = q.mail_mac and h.state = 'waiting')));
  if not found then
    return false;
  end if;
  update private.uploads u set attached_at = null
    where u.account_id = private.me() and u.portal_mail = p_id and u.delete_after is null;
  return true;
end $$;
comment on function private.withdraw_portal_mail(uuid) is
  'Takes back what the gateway has not begun with, or clears away what it refused; uploads belong to the draft again. Definer: internal tables.';

create function private.my_correspondents() returns setof jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('address', w.owner_address, 'name', w.owner_name, 'last_at', w.stored_at)
  from (select distinct on (m.owner_address) m.owner_address, m.owner_name, d.stored_at
    from public.deliveries d join public.messages m on m.id = d.message_id join public.accounts a on a.id = m.owner_account
    where d.mailbox_id in (select private.my_mailboxes()) and d.kind <> 'sender' and a.kind = 'internal' and a.id <> private.me()
    order by m.owner_address, d.stored_at desc) w
  order by w.stored_at desc limit 500
$$;
comment on function private.my_correspondents() is 'People of the organisation who have written to the caller. Definer: accounts are not the caller''s to read.';

create function private.my_portal_limits() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('mails_an_hour', s.portal_mails_an_hour,
    'mails_left', greatest(0, s.portal_mails_an_hour - (select count(*) from public.portal_mail q
      where q.account_id = private.me() and q.created_at > now() - interval '1 hour')),
    'quota_bytes', s.portal_upload_quota, 'used_bytes', private.upload_bytes(private.me(), null, null))
  from public.settings s where private.me() is not null
$$;
comment on function private.my_portal_limits() is 'What the caller may still send and upload. Definer: internal tables.';

create function public.send_portal_mail(p_id uuid, p_key_version integer, p_parcel text, p_own_copy text, p_objects text[]) returns jsonb
language sql set search_path = ''
as $$ select private.send_portal_mail(p_id, p_key_version, decode(p_parcel, 'base64'), decode(p_own_copy, 'base64'), p_objects) $$;
create function public.my_portal_mail() returns setof jsonb language sql stable set search_path = ''
as $$ select private.my_portal_mail() $$;
create function public.withdraw_portal_mail(p_id uuid) returns boolean language sql set search_path = ''
as $$ select private.withdraw_portal_mail(p_id) $$;
create function public.my_correspondents() returns setof jsonb language sql stable set search_path = ''
as $$ select private.my_correspondents() $$;
create function public.my_portal_limits() returns jsonb language sql stable set search_path = ''
as $$ select private.my_portal_limits() $$;
comment on function public.send_portal_mail(uuid, integer, text, text, text[]) is 'Sends a sealed mail (base64): sending, limited, upload-missing, or too-large; the same id again answers its state.';
comment on function public.my_portal_mail() is 'The caller''s outbox, newest first.';
comment on function public.withdraw_portal_mail(uuid) is 'Takes a mail back that is not under way yet, or clears a refused one away.';
comment on function public.my_correspondents() is 'People of the organisation who have written to the caller.';
comment on function public.my_portal_limits() is 'What the caller may still send and upload.';
grant execute on function private.send_portal_mail(uuid, integer, bytea, bytea, text[]), private.my_portal_mail(), private.withdraw_portal_mail(uuid),
  private.my_correspondents(), private.my_portal_limits(),
  public.send_portal_mail(uuid, integer, text, text, text[]), public.my_portal_mail(),
  public.withdraw_portal_mail(uuid), public.my_correspondents(), public.my_portal_limits() to authenticated;
