-- Who may do what: the role sealpost_gateway may execute these functions, and has no right on any table.

create function private.gateway_config() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'organisation', s.organisation_name,
    'default_definition', s.default_definition,
    'confidential_definition', s.confidential_definition,
    'review_time_ms', (extract(epoch from s.review_time) * 1000)::bigint,
    'maximum_life_ms', (extract(epoch from s.maximum_life) * 1000)::bigint,
    'inline_attachment_bytes', s.inline_attachment_bytes,
    'domains', (select coalesce(jsonb_agg(d.domain order by d.domain), '[]') from public.domains d),
    'definitions', (select coalesce(jsonb_agg(jsonb_build_object(
        'name', f.name, 'expire_after_ms', (extract(epoch from f.expire_after) * 1000)::bigint,
        'print', f.allow_print, 'reply', f.allow_reply, 'reply_all', f.allow_reply_all, 'download', f.allow_download,
        'receipt', f.read_receipt, 'watermark', f.watermark, 'view_limit', f.view_limit, 'online_only', f.online_only,
        'seal_for_everybody', f.seal_for_everybody, 'tell_sender_secured', f.tell_sender_secured, 'label', f.label) order by f.name), '[]') from public.definitions f))
  from public.settings s
$$;
comment on function private.gateway_config() is 'Settings, domains and definitions for the gateway, as one JSON object. Definer: the gateway has no right on tables.';

create function private.mail_keys(p_addresses text[]) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('address', w.address,
    'mailbox', case when b.id is not null then jsonb_build_object('id', b.id, 'public_key', private.b64(b.public_key),
      'key_version', b.key_version, 'attestation', private.b64(b.attestation)) end,
    'account', case when a.id is not null then jsonb_build_object('id', a.id, 'public_key', private.b64(a.public_key),
      'key_version', a.key_version, 'attestation', private.b64(a.attestation), 'status', a.status) end)), '[]')
  from unnest(p_addresses) w (address)
  left join public.mailboxes b on b.address = w.address
  left join public.accounts a on a.address = w.address
$$;
comment on function private.mail_keys(text[]) is 'Mailboxes and accounts of normalised addresses, with attestations that the gateway checks. Definer: see gateway_config.';

create function private.find_threads(p_macs bytea[]) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('thread_id', t.thread_id, 'definition', t.definition) order by t.created_at desc), '[]')
  from (select distinct on (f.thread_id) f.thread_id, f.definition, f.created_at
    from (select distinct on (m.message_id_mac) m.thread_id, m.definition, m.created_at from public.messages m
      where m.message_id_mac = any (p_macs) order by m.message_id_mac, m.created_at) f
    order by f.thread_id, f.created_at desc) t
$$;
comment on function private.find_threads(bytea[]) is
  'Secured threads that the Message-IDs (as HMACs) belong to, newest first. Of several messages with one Message-ID the first counts, so that '
  'nobody draws replies to others under a weaker definition by using their Message-ID again. Definer: see gateway_config.';

create function private.reserve_upload(p_name text, p_cipher_bytes bigint) returns void
language sql security definer set search_path = ''
as $$ insert into private.uploads (object_name, cipher_bytes) values (p_name, p_cipher_bytes) $$;
comment on function private.reserve_upload(text, bigint) is 'Reserves a random object name; an upload that is never attached is swept. Definer: see gateway_config.';

create function private.add_account(p jsonb) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.accounts (id, address, display_name, kind, public_key, key_version, attestation, invite_sealed, escrow_sealed)
  values ((p ->> 'id')::uuid, p ->> 'address', p ->> 'display_name', (p ->> 'kind')::public.account_kind,
    decode(p ->> 'public_key', 'base64'), (p ->> 'key_version')::integer, decode(p ->> 'attestation', 'base64'),
    decode(p ->> 'invite_sealed', 'base64'), decode(p ->> 'escrow_sealed', 'base64'))
  on conflict (address) do nothing;
  return found;
end $$;
comment on function private.add_account(jsonb) is 'Adds an invited account; false if the address has one already. Definer: see gateway_config.';

create function private.add_mailbox(p jsonb) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.mailboxes (id, address, public_key, key_version, attestation)
  values ((p ->> 'id')::uuid, p ->> 'address', decode(p ->> 'public_key', 'base64'), (p ->> 'key_version')::integer,
    decode(p ->> 'attestation', 'base64'))
  on conflict (address) do nothing;
  if not found then
    return false;
  end if;
  insert into public.mailbox_members (mailbox_id, account_id, key_version, sealed_key)
  values ((p ->> 'id')::uuid, (p -> 'member' ->> 'account_id')::uuid, (p ->> 'key_version')::integer,
    decode(p -> 'member' ->> 'sealed_key', 'base64'));
  return true;
end $$;
comment on function private.add_mailbox(jsonb) is 'Adds a mailbox with its first member; false if the address has one already. Definer: see gateway_config.';

create function private.invite_if_needed(p_mailboxes uuid[]) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.notices (kind, account_id, address)
  select 'temporary_password'::public.notice_kind, a.id, a.address
  from public.accounts a
  where a.id in (select m.account_id from public.mailbox_members m where m.mailbox_id = any (p_mailboxes))
    and a.status = 'invited' and a.invite_sealed is not null
    and (a.temporary_password_expires_at is null or a.temporary_password_expires_at < now())
  order by a.id
  on conflict (account_id) where kind = 'temporary_password' and state = 'due' do nothing;
end $$;
comment on function private.invite_if_needed(uuid[]) is
  'Queues a temporary password for members who have not chosen one and hold none that works. Definer: see gateway_config.';

create function private.add_deliveries(p_message uuid, p_mail_mac bytea, p jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_new integer;
begin
  if exists (select 1 from jsonb_array_elements(p) d join public.mailboxes b on b.id = (d ->> 'mailbox_id')::uuid
      where b.key_version <> (d ->> 'key_version')::integer) then
    raise exception 'A mailbox''s key changed meanwhile.' using errcode = 'SP001';
  end if;
  insert into public.deliveries (id, message_id, mailbox_id, address, kind, channel, folder, mail_mac, key_version,
    sealed_header_key, sealed_content_key)
  select (d ->> 'id')::uuid, p_message, (d ->> 'mailbox_id')::uuid, d ->> 'address', (d ->> 'kind')::public.delivery_kind,
    (d ->> 'channel')::public.delivery_channel,
    case when d ->> 'kind' = 'sender' then 'sent' else 'inbox' end::public.delivery_folder, p_mail_mac,
    (d ->> 'key_version')::integer, decode(d ->> 'sealed_header_key', 'base64'), decode(d ->> 'sealed_content_key', 'base64')
  from jsonb_array_elements(p) d
  on conflict (mail_mac, address, (kind = 'sender')) do nothing;
  get diagnostics v_new = row_count;
  insert into public.notices (kind, delivery_id, address)
  select 'message', d.id, d.address from public.deliveries d
  where d.message_id = p_message and d.channel = 'sealed' and d.kind <> 'sender';
  perform private.invite_if_needed(array(select d.mailbox_id from public.deliveries d
    where d.message_id = p_message and d.channel = 'sealed'));
  return v_new;
end $$;
comment on function private.add_deliveries(uuid, bytea, jsonb) is
  'Adds the deliveries that an earlier transaction of the same mail has not made, with their notices and invitations. Definer: see gateway_config.';

create function private.add_attachments(p_message uuid, p jsonb, p_inline bytea) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.attachments (id, message_id, part, size_bytes, cipher_bytes, sha256, data, object_name)
  select (a ->> 'id')::uuid, p_message, (a ->> 'part')::integer, (a ->> 'size')::bigint, (a ->> 'cipher_bytes')::bigint,
    decode(a ->> 'sha256', 'base64'),
    case when a ->> 'object_name' is null then substring(p_inline from (a ->> 'offset')::integer + 1 for (a ->> 'cipher_bytes')::integer) end,
    a ->> 'object_name'
  from jsonb_array_elements(p) a;
  update private.uploads u set attached_at = now()
  from jsonb_array_elements(p) a where u.object_name = a ->> 'object_name' and u.attached_at is null and u.delete_after is null;
  if exists (select 1 from jsonb_array_elements(p) a where a ->> 'object_name' is not null and not exists (
      select 1 from private.uploads u where u.object_name = a ->> 'object_name' and u.attached_at is not null and u.delete_after is null)) then
    raise exception 'An uploaded attachment was swept before its message was stored; send again.' using errcode = 'SP002';
  end if;
end $$;
comment on function private.add_attachments(uuid, jsonb, bytea) is
  'Adds a message''s attachments: small ones cut out of p_inline by offset, large ones by their uploaded object. Definer: see gateway_config.';

create function private.add_letters(p jsonb) returns void
language sql security definer set search_path = ''
as $$
  insert into public.relay_jobs (id, mail_mac, sender, recipients, content)
  select (l ->> 'id')::uuid, sha256(convert_to(l ->> 'id', 'utf8')), '', array[l ->> 'recipient'], decode(l ->> 'content', 'base64')
  from jsonb_array_elements(p) l
  on conflict (id) do nothing
$$;
comment on function private.add_letters(jsonb) is
  'Queues our own letters to senders, each sealed to the gateway, from the null sender: they are never bounced. Definer: see gateway_config.';

create function private.store_message(p jsonb, p_header bytea, p_body bytea, p_inline bytea, p_relay bytea) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  m jsonb := p -> 'message';
  v_mac bytea := decode(m ->> 'mail_mac', 'base64');
  v_item jsonb;
  v_new integer;
  v_relayed text[];
  v_recipients text[];
  v_first boolean;
begin
  perform pg_advisory_xact_lock(('x' || encode(substring(v_mac from 1 for 8), 'hex'))::bit(64)::bigint);

  if not exists (select 1 from jsonb_array_elements(p -> 'deliveries') d where not exists (
      select 1 from public.deliveries e where e.mail_mac = v_mac and e.address = d ->> 'address'
        and (e.kind = 'sender') = (d ->> 'kind' = 'sender'))) then
    return jsonb_build_object('kind', 'duplicate');
  end if;

  v_first := not exists (select 1 from public.deliveries e where e.mail_mac = v_mac);

  for v_item in select a from jsonb_array_elements(p -> 'accounts') a order by a ->> 'address' loop
    if not private.add_account(v_item) then
      raise exception 'An account was made meanwhile.' using errcode = 'SP001';
    end if;
  end loop;
  for v_item in select b from jsonb_array_elements(p -> 'mailboxes') b order by b ->> 'address' loop
    if not private.add_mailbox(v_item) then
      raise exception 'A mailbox was made meanwhile.' using errcode = 'SP001';
    end if;
  end loop;

  insert into public.messages (id, owner_account, owner_address, owner_name, thread_id, mail_mac, message_id_mac, definition, because,
    controls, size_bytes, attachment_count, signature, created_at, expires_at, latest_expiry)
  values ((m ->> 'id')::uuid, (m ->> 'owner_account')::uuid, m ->> 'owner_address', m ->> 'owner_name', (m ->> 'thread_id')::uuid,
    v_mac, decode(m ->> 'message_id_mac', 'base64'), m ->> 'definition', m ->> 'because', m -> 'controls', (m ->> 'size_bytes')::bigint,
    (m ->> 'attachment_count')::integer, decode(m ->> 'signature', 'base64'), private.from_ms(m ->> 'created_at_ms'),
    private.from_ms(m ->> 'expires_at_ms'), private.from_ms(m ->> 'latest_expiry_ms'));
  insert into public.message_contents (message_id, header, body) values ((m ->> 'id')::uuid, p_header, p_body);
  perform private.add_attachments((m ->> 'id')::uuid, p -> 'attachments', p_inline);

  select coalesce(array_agg(r), '{}') into v_relayed from public.deliveries d, unnest(array[d.address]) r
    where d.mail_mac = v_mac and d.channel = 'mail';
  v_new := private.add_deliveries((m ->> 'id')::uuid, v_mac, p -> 'deliveries');

  if jsonb_typeof(p -> 'relay') = 'object' then
    select array_agg(r) into v_recipients from jsonb_array_elements_text(p -> 'relay' -> 'recipients') r where r <> all (v_relayed);
    if v_recipients is not null then
      insert into public.relay_jobs (id, message_id, mail_mac, sender, recipients, content)
      values ((p -> 'relay' ->> 'id')::uuid, (m ->> 'id')::uuid, v_mac, p -> 'relay' ->> 'sender', v_recipients, p_relay);
    end if;
  end if;
  if v_first then
    perform private.add_letters(p -> 'letters');
  end if;
  perform private.add_verdicts(p -> 'verdicts', (m ->> 'id')::uuid);
  return jsonb_build_object('kind', 'stored', 'deliveries', v_new);
end $$;
comment on function private.store_message(jsonb, bytea, bytea, bytea, bytea) is
  'One secured mail in one transaction: accounts and mailboxes made for it, message, contents, attachments, deliveries, notices, relay job, '
  'verdicts, letters to the sender (at the first part of a split mail). '
  'A retry or a split transaction adds only what is missing. SP001: keys changed meanwhile, seal again; SP002: an upload is gone. '
  'Definer: see gateway_config.';

create function private.claim_relay_jobs(p_most integer, p_lease_seconds integer) returns jsonb
language sql security definer set search_path = ''
as $$
  with claimed as (
    update public.relay_jobs j set claimed_until = now() + p_lease_seconds * interval '1 second', attempts = j.attempts + 1
    where j.id in (select q.id from public.relay_jobs q
      where q.state = 'due' and q.due_at <= now() and (q.claimed_until is null or q.claimed_until < now())
      order by q.due_at limit p_most for update skip locked)
    returning j.id, j.sender, j.recipients, j.attempts, j.created_at)
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'sender', c.sender, 'recipients', c.recipients, 'attempts', c.attempts,
    'created_at_ms', private.to_ms(c.created_at))), '[]') from claimed c
$$;
comment on function private.claim_relay_jobs(integer, integer) is 'Claims relay jobs that are due, for a lease. Definer: see gateway_config.';

create function private.relay_content(p_id uuid) returns bytea
language sql stable security definer set search_path = ''
as $$ select j.content from public.relay_jobs j where j.id = p_id and j.claimed_until > now() $$;
comment on function private.relay_content(uuid) is 'The sealed mail of a claimed relay job. Definer: see gateway_config.';

create function private.finish_relay_job(p_id uuid, p_done text[], p_failed text[], p_error text, p_retry_seconds integer) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_left text[];
begin
  select array_agg(r) into v_left from public.relay_jobs j, unnest(j.recipients) r
    where j.id = p_id and r <> all (p_done) and r <> all (p_failed);
  update public.deliveries d set notified_at = coalesce(d.notified_at, now())
    from public.relay_jobs j where j.id = p_id and d.mail_mac = j.mail_mac and d.channel = 'mail' and d.address = any (p_done);
  update public.deliveries d set bounced_at = coalesce(d.bounced_at, now())
    from public.relay_jobs j where j.id = p_id and d.mail_mac = j.mail_mac and d.channel = 'mail' and d.address = any (p_failed);
  update public.relay_jobs j set claimed_until = null, last_error = p_error,
    recipients = coalesce(v_left, j.recipients),
    due_at = case when v_left is not null then now() + p_retry_seconds * interval '1 second' else j.due_at end,
    state = case when v_left is not null then 'due' when cardinality(p_failed) > 0 then 'failed' else 'done' end::public.relay_state,
    content = case when v_left is not null then j.content end,
    finished_at = case when v_left is null then now() end
  where j.id = p_id;
end $$;
comment on function private.finish_relay_job(uuid, text[], text[], text, integer) is
  'Records what became of a claimed job''s recipients; those named in neither list are tried again. Definer: see gateway_config.';

create function private.expire_due(p_most integer) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  perform private.forget_stale_sign_ins();
  select array_agg(q.id) into v_ids from (
    select m.id from public.messages m
    where m.content_removed_at is null and (m.expires_at <= now()
      or m.recalled_at <= now() - (select s.recall_window from public.settings s))
    limit p_most for update skip locked) q;
  if v_ids is null then
    return 0;
  end if;
  update private.uploads u set delete_after = now() from public.attachments a
    where a.message_id = any (v_ids) and u.object_name = a.object_name;
  delete from public.attachments where message_id = any (v_ids);
  delete from public.message_contents where message_id = any (v_ids);
  update public.deliveries set sealed_header_key = null, sealed_content_key = null where message_id = any (v_ids);
  update public.messages set content_removed_at = now() where id = any (v_ids);
  return cardinality(v_ids);
end $$;
comment on function private.expire_due(integer) is
  'Deletes keys, bodies and attachments of messages that have ended; their tombstones stay. Gives how many. Tidies up sign-ins. Definer: see gateway_config.';

create function private.work_due() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'notify', exists (select 1 from public.notices n where n.kind = 'message' and n.state = 'due' and n.due_at <= now()
      and (n.claimed_until is null or n.claimed_until < now())),
    'invite', exists (select 1 from public.notices n where n.kind = 'temporary_password' and n.state = 'due' and n.due_at <= now()
      and (n.claimed_until is null or n.claimed_until < now())),
    'sweep', exists (select 1 from private.uploads u where u.delete_after <= now()
      or (u.attached_at is null and u.reserved_at < now() - interval '24 hours')),
    'relay', exists (select 1 from public.relay_jobs j where j.state = 'due' and j.due_at <= now()
      and (j.claimed_until is null or j.claimed_until < now())))
$$;
comment on function private.work_due() is 'Which kinds of work wait, so that the gateway kicks the right function. Definer: see gateway_config.';

grant execute on function private.gateway_config(), private.mail_keys(text[]), private.find_threads(bytea[]),
  private.reserve_upload(text, bigint), private.store_message(jsonb, bytea, bytea, bytea, bytea),
  private.claim_relay_jobs(integer, integer), private.relay_content(uuid),
  private.finish_relay_job(uuid, text[], text[], text, integer), private.expire_due(integer), private.work_due()
  to sealpost_gateway;
