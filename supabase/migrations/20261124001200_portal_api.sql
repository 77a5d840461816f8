-- Who may do what: signed-in people (authenticated) execute these. Each stands on private.me(); an invited account may call
-- my_account alone, which gives it nothing but its own wrapped key.

create function private.my_account() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('id', a.id, 'address', a.address, 'display_name', a.display_name, 'status', a.status, 'kind', a.kind,
    'public_key', private.b64(a.public_key), 'key_version', a.key_version, 'attestation', private.b64(a.attestation),
    'wrapped_key', private.b64(a.wrapped_key))
  from public.accounts a
  where a.id = (select auth.uid()) and private.session_is_trusted()
    and (a.status = 'active' or (a.status = 'invited' and a.temporary_password_expires_at > now()))
$$;
comment on function private.my_account() is 'The caller''s own account and wrapped key; null without a trusted session. Definer: an invited account passes no policy.';

create function private.my_mailbox_keys() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'address', b.address, 'public_key', private.b64(b.public_key),
    'key_version', m.key_version, 'attestation', private.b64(b.attestation), 'sealed_key', private.b64(m.sealed_key))), '[]')
  from public.mailbox_members m join public.mailboxes b on b.id = m.mailbox_id
  where m.account_id = private.me()
$$;
comment on function private.my_mailbox_keys() is 'The caller''s mailboxes, each with its private key sealed to the caller. Definer: one check instead of three policies.';

create function private.message_item(d public.deliveries, m public.messages, p_header bytea) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('delivery_id', d.id, 'message_id', d.message_id, 'mailbox_id', d.mailbox_id, 'folder', d.folder,
    'stored_at', d.stored_at, 'sender_address', m.owner_address, 'sender_name', m.owner_name, 'thread_id', m.thread_id,
    'state', case when m.recalled_at is not null or d.recalled_at is not null then 'recalled'
      when not private.is_readable(m) then 'expired'
      when d.kind <> 'sender' and d.open_count >= (m.controls ->> 'viewLimit')::integer then 'used' else 'readable' end,
    'expires_at', m.expires_at,
    'ended_at', coalesce(d.recalled_at, m.recalled_at, case when m.expires_at <= now() then m.expires_at end),
    'read_at', d.read_at, 'first_opened_at', d.first_opened_at, 'open_count', d.open_count,
    'attachment_count', m.attachment_count, 'controls', m.controls, 'definition', m.definition, 'key_version', d.key_version,
    'sealed_header_key', case when private.is_readable(m) and d.recalled_at is null then private.b64(d.sealed_header_key) end,
    'header', case when private.is_readable(m) and d.recalled_at is null then private.b64(p_header) end)
$$;
comment on function private.message_item(public.deliveries, public.messages, bytea) is
  'A delivery as the list shows it; header and key only while readable. Called with deliveries already checked.';

create function private.list_messages(p_folder text, p_limit integer, p_before_at timestamptz, p_before_id uuid) returns setof jsonb
language sql stable security definer set search_path = ''
as $$
  select private.message_item(page.d, m, c.header)
  from (
    select each.* from (select private.my_mailboxes() as mailbox_id) mine
    cross join lateral (
      select q as d, q.message_id, q.stored_at, q.id from public.deliveries q
      where q.mailbox_id = mine.mailbox_id and q.folder = p_folder::public.delivery_folder
        and (q.stored_at, q.id) < (coalesce(p_before_at, 'infinity'), coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      order by q.stored_at desc, q.id desc limit least(greatest(p_limit, 1), 200)) each
    order by each.stored_at desc, each.id desc limit least(greatest(p_limit, 1), 200)) page
  join public.messages m on m.id = page.message_id
  left join public.message_contents c on c.message_id = page.message_id
  order by page.stored_at desc, page.id desc
$$;
comment on function private.list_messages(text, integer, timestamptz, uuid) is 'A page of a folder, newest first, by keyset: costs the page, not the mailbox. Definer: see my_mailbox_keys.';

create function private.get_message(p_delivery uuid) returns setof jsonb
language sql stable security definer set search_path = ''
as $$
  select private.message_item(d, m, c.header)
  from public.deliveries d
  join public.messages m on m.id = d.message_id
  left join public.message_contents c on c.message_id = d.message_id
  where d.id = p_delivery and d.mailbox_id in (select private.my_mailboxes())
$$;
comment on function private.get_message(uuid) is 'One delivery as the list shows it; nothing if it is not the caller''s. Definer: see my_mailbox_keys.';

create function private.opened_answer(d public.deliveries, m public.messages) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('kind', 'opened', 'delivery_id', d.id, 'message_id', m.id, 'mailbox_id', d.mailbox_id,
    'owner_account', m.owner_account, 'owner_address', m.owner_address, 'owner_name', m.owner_name, 'thread_id', m.thread_id,
    'created_at_ms', private.to_ms(m.created_at), 'expires_at_ms', private.to_ms(m.expires_at),
    'latest_expiry_ms', private.to_ms(m.latest_expiry), 'controls', m.controls, 'signature', private.b64(m.signature),
    'key_version', d.key_version, 'sealed_header_key', private.b64(d.sealed_header_key),
    'sealed_content_key', private.b64(d.sealed_content_key), 'header', private.b64(c.header), 'body', private.b64(c.body),
    'attachments', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'part', a.part, 'size', a.size_bytes,
      'cipher_bytes', a.cipher_bytes, 'sha256', private.b64(a.sha256), 'object_name', a.object_name) order by a.part), '[]')
      from public.attachments a where a.message_id = m.id),
    'first_opened_at', d.first_opened_at, 'open_count', d.open_count, 'server_now_ms', private.to_ms(clock_timestamp()))
  from public.message_contents c where c.message_id = m.id
$$;
comment on function private.opened_answer(public.deliveries, public.messages) is 'What open_message releases. Definer: contents and keys are selectable by nobody.';

create function private.open_message(p_delivery uuid, p_opening uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  d public.deliveries;
  m public.messages;
  v_again boolean;
begin
  if p_opening is null then
    raise exception 'An opening needs an id made by the device.' using errcode = '22023';
  end if;
  select * into d from public.deliveries q
    where q.id = p_delivery and q.mailbox_id in (select private.my_mailboxes()) for update;
  if not found then
    return jsonb_build_object('kind', 'unknown');
  end if;
  select * into m from public.messages q where q.id = d.message_id for share;
  if m.recalled_at is not null or d.recalled_at is not null then
    return jsonb_build_object('kind', 'recalled', 'at', coalesce(d.recalled_at, m.recalled_at));
  end if;
  if m.content_removed_at is not null or m.expires_at <= clock_timestamp() then
    return jsonb_build_object('kind', 'expired', 'at', m.expires_at);
  end if;
  if d.kind = 'sender' then
    return private.opened_answer(d, m);
  end if;
  v_again := exists (select 1 from public.receipts r where r.delivery_id = d.id and r.opening_id = p_opening
    and r.account_id = private.me() and r.reported_at > clock_timestamp() - interval '2 minutes');
  if v_again then
    return private.opened_answer(d, m);
  end if;
  if d.open_count >= (m.controls ->> 'viewLimit')::integer then
    return jsonb_build_object('kind', 'used', 'at', d.last_opened_at);
  end if;
  insert into public.receipts (delivery_id, message_id, account_id, kind, opening_id, occurred_at, reported_at)
    values (d.id, m.id, private.me(), 'opened', p_opening, clock_timestamp(), clock_timestamp());
  update public.deliveries q set open_count = q.open_count + 1, last_opened_at = clock_timestamp(),
    first_opened_at = coalesce(q.first_opened_at, clock_timestamp()), delivered_at = coalesce(q.delivered_at, clock_timestamp()),
    read_at = coalesce(q.read_at, clock_timestamp())
  where q.id = d.id returning * into d;
  return private.opened_answer(d, m);
end $$;
comment on function private.open_message(uuid, uuid) is
  'The one way to a content key: checks membership, recall, expiry and view limit, writes opened, and releases key and body, in one '
  'transaction. Unknown for what is not the caller''s and for what never was. Definer: keys and contents are selectable by nobody.';

create function private.attachment_data(p_attachment uuid) returns text
language sql stable security definer set search_path = ''
as $$
  select private.b64(a.data) from public.attachments a
  where a.id = p_attachment and private.may_read(a.message_id) and exists (
    select 1 from public.deliveries d where d.message_id = a.message_id and d.mailbox_id in (select private.my_mailboxes())
      and (d.kind = 'sender' or d.open_count > 0))
$$;
comment on function private.attachment_data(uuid) is 'The ciphertext of a small attachment of a message that the caller has opened and may still read. Definer: attachments are selectable by nobody.';

create function private.sent_recipients(p_message uuid) returns setof jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('delivery_id', d.id, 'address', d.address, 'kind', d.kind, 'channel', d.channel, 'stored_at', d.stored_at,
    'notified_at', d.notified_at, 'bounced_at', d.bounced_at, 'notice_state', n.state, 'notice_error', n.last_error,
    'delivered_at', d.delivered_at, 'first_opened_at', d.first_opened_at, 'last_opened_at', d.last_opened_at,
    'open_count', d.open_count, 'expired_at', case when d.channel = 'sealed' and m.expires_at <= now() then m.expires_at end,
    'recalled_at', coalesce(d.recalled_at, m.recalled_at))
  from public.messages own
  join public.messages m on m.mail_mac = own.mail_mac and m.owner_account = own.owner_account
  join public.deliveries d on d.message_id = m.id and d.kind not in ('sender', 'review')
  left join public.notices n on n.delivery_id = d.id
  where own.id = p_message and own.owner_account = private.me()
  order by d.kind, d.address
$$;
comment on function private.sent_recipients(uuid) is
  'For the owner alone: each recipient of a mail, also when the sending server split it, with what has happened. Definer: deliveries are their mailboxes'' to read.';

create function private.set_read(p_deliveries uuid[], p_read boolean) returns integer
language sql security definer set search_path = ''
as $$
  with changed as (update public.deliveries d set read_at = case when p_read then coalesce(d.read_at, now()) end
    where d.id = any (p_deliveries) and d.mailbox_id in (select private.my_mailboxes()) returning 1)
  select count(*)::integer from changed
$$;
comment on function private.set_read(uuid[], boolean) is 'Marks the caller''s deliveries read or unread; gives how many. Definer: nobody updates deliveries but through functions.';

create function public.my_account() returns jsonb language sql stable set search_path = '' as $$ select private.my_account() $$;
create function public.my_mailboxes() returns jsonb language sql stable set search_path = '' as $$ select private.my_mailbox_keys() $$;
create function public.list_messages(p_folder text, p_limit integer default 50, p_before_at timestamptz default null, p_before_id uuid default null)
returns setof jsonb language sql stable set search_path = ''
as $$ select private.list_messages(p_folder, p_limit, p_before_at, p_before_id) $$;
create function public.get_message(p_delivery_id uuid) returns setof jsonb language sql stable set search_path = ''
as $$ select private.get_message(p_delivery_id) $$;
create function public.open_message(p_delivery_id uuid, p_opening_id uuid) returns jsonb language sql set search_path = ''
as $$ select private.open_message(p_delivery_id, p_opening_id) $$;
create function public.attachment_data(p_attachment_id uuid) returns text language sql stable set search_path = ''
as $$ select private.attachment_data(p_attachment_id) $$;
create function public.sent_recipients(p_message_id uuid) returns setof jsonb language sql stable set search_path = ''
as $$ select private.sent_recipients(p_message_id) $$;
create function public.set_read(p_delivery_ids uuid[], p_read boolean) returns integer language sql set search_path = ''
as $$ select private.set_read(p_delivery_ids, p_read) $$;

comment on function public.my_account() is 'The caller''s account and wrapped key: the only thing that an account with a temporary password may ask for.';
comment on function public.my_mailboxes() is 'The caller''s mailboxes with their sealed keys.';
comment on function public.list_messages(text, integer, timestamptz, uuid) is 'A page of inbox, sent or deleted, newest first; give the last row''s stored_at and delivery_id for the next.';
comment on function public.get_message(uuid) is 'One delivery as the list shows it.';
comment on function public.open_message(uuid, uuid) is 'Opens a message: opened, expired, recalled, used, or unknown.';
comment on function public.attachment_data(uuid) is 'A small attachment''s ciphertext in base64.';
comment on function public.sent_recipients(uuid) is 'The recipients of a message that the caller sent, with their states.';
comment on function public.set_read(uuid[], boolean) is 'Marks read or unread.';

grant execute on function private.my_account(), private.my_mailbox_keys(), private.list_messages(text, integer, timestamptz, uuid),
  private.get_message(uuid), private.open_message(uuid, uuid), private.attachment_data(uuid), private.sent_recipients(uuid),
  private.set_read(uuid[], boolean), public.my_account(), public.my_mailboxes(), public.list_messages(text, integer, timestamptz, uuid),
  public.get_message(uuid), public.open_message(uuid, uuid), public.attachment_data(uuid), public.sent_recipients(uuid),
  public.set_read(uuid[], boolean) to authenticated;
