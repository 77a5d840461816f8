-- Who may do what: the role sealpost_gateway executes these: it claims portal mail, learns whom its writer may write to, and stores
-- or refuses it. A sent mail, its message and its copies are one transaction.

alter table public.deliveries add column replied_at timestamptz;
comment on column public.deliveries.replied_at is 'When the recipient first answered in the portal.';
create index "messages of a thread" on public.messages (thread_id);

create function private.claim_portal_mail(p_most integer, p_lease_seconds integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_claimed jsonb;
begin
  delete from public.portal_mail q where q.state <> 'sending' and q.finished_at < now() - interval '30 days';
  with claimed as (
    update public.portal_mail q set claimed_until = now() + p_lease_seconds * interval '1 second', attempts = q.attempts + 1
    where q.id in (select w.id from public.portal_mail w
      where w.state = 'sending' and w.due_at <= now() and (w.claimed_until is null or w.claimed_until < now())
      order by w.due_at limit p_most for update skip locked)
    returning q.id, q.account_id, q.key_version, q.attempts, q.created_at)
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'key_version', c.key_version, 'attempts', c.attempts,
    'created_at_ms', private.to_ms(c.created_at), 'account_id', a.id, 'address', a.address, 'name', a.display_name,
    'active', a.status = 'active') order by c.created_at), '[]')
  into v_claimed from claimed c join public.accounts a on a.id = c.account_id;
  return v_claimed;
end $$;
comment on function private.claim_portal_mail(integer, integer) is 'Claims portal mail that is due, for a lease; forgets what ended a month ago. Definer: see gateway_config.';

create function private.portal_mail_parcel(p_id uuid) returns bytea
language sql stable security definer set search_path = ''
as $$ select q.parcel from public.portal_mail q where q.id = p_id and q.state = 'sending' and q.claimed_until > now() $$;
comment on function private.portal_mail_parcel(uuid) is 'The sealed parcel of a claimed portal mail. Definer: see gateway_config.';

create function private.portal_mail_facts(p_id uuid, p_message uuid, p_addresses text[]) returns jsonb
language sql stable security definer set search_path = ''
as $$
  with mail as (select q.account_id, q.created_at from public.portal_mail q where q.id = p_id),
  mine as (select distinct b.mailbox_id from public.mailbox_members b join mail on b.account_id = mail.account_id),
  answered as (select m.*, bool_and(d.recalled_at is not null) as recalled_for_me from public.messages m join public.deliveries d on d.message_id = m.id
    where m.id = p_message and d.mailbox_id in (select mailbox_id from mine) group by m.id)
  select jsonb_build_object(
    'answered', (select jsonb_build_object('thread_id', m.thread_id, 'definition', m.definition, 'owner', m.owner_address,
        'message_id_mac', private.b64(m.message_id_mac), 'controls', m.controls,
        'ended', m.recalled_at is not null or m.recalled_for_me or coalesce(m.expires_at <= mail.created_at, false),
        'people', (select coalesce(jsonb_agg(distinct x.address), '[]')
          from public.messages seen join public.deliveries d on d.message_id = seen.id and d.mailbox_id in (select mailbox_id from mine)
          join public.messages part on part.mail_mac = seen.mail_mac and part.owner_account = seen.owner_account
          join public.deliveries x on x.message_id = part.id and x.kind <> 'bcc'
          where seen.thread_id = m.thread_id and x.address = any (p_addresses)))
      from answered m cross join mail),
    'correspondents', (select coalesce(jsonb_agg(w), '[]') from unnest(p_addresses) w where exists (
      select 1 from public.accounts a join public.messages m on m.owner_account = a.id join public.deliveries d on d.message_id = m.id
      where a.address = w and d.kind <> 'sender' and d.mailbox_id in (select mailbox_id from mine))))
$$;
comment on function private.portal_mail_facts(uuid, uuid, text[]) is
  'Of the addresses that a portal mail goes to: who is in the thread as its writer knows it, hidden recipients apart, and who has written '
  'to the writer before; and the message that is answered, if it is one of the writer''s. Definer: see gateway_config.';

create function private.end_portal_mail(p_id uuid, p_state public.portal_mail_state, p_error text, p_message uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  v_account uuid;
begin
  update public.portal_mail q set state = p_state, error = left(p_error, 1000), message_id = p_message, parcel = null,
    own_copy = case when p_state = 'sent' then null else q.own_copy end, claimed_until = null, last_error = null, finished_at = now()
  where q.id = p_id and q.state = 'sending' returning q.account_id into v_account;
  if not found then
    return false;
  end if;
  update private.uploads u set delete_after = now()
    where u.account_id = v_account and u.portal_mail = p_id and u.delete_after is null;
  return true;
end $$;
comment on function private.end_portal_mail(uuid, public.portal_mail_state, text, uuid) is
  'Ends a portal mail, once: its parcel and uploads go; a refused one keeps its writer''s copy. False: it had ended. Definer: see gateway_config.';

create function private.refuse_portal_mail(p_id uuid, p_error text) returns boolean
language sql security definer set search_path = ''
as $$ select private.end_portal_mail(p_id, 'refused', p_error, null) $$;
comment on function private.refuse_portal_mail(uuid, text) is 'A portal mail that was refused, with a sentence for its writer. Definer: see gateway_config.';

create function private.hold_portal_mail(p_id uuid, p_mail_mac bytea) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  update public.portal_mail q set mail_mac = p_mail_mac where q.id = p_id and q.state = 'sending';
  return private.end_portal_mail(p_id, 'held', null, null);
end $$;
comment on function private.hold_portal_mail(uuid, bytea) is 'A portal mail that a policy holds; nothing where it was stored. Definer: see gateway_config.';

create function private.retry_portal_mail(p_id uuid, p_error text, p_retry_seconds integer) returns void
language sql security definer set search_path = ''
as $$
  update public.portal_mail q set claimed_until = null, last_error = left(p_error, 500), due_at = now() + p_retry_seconds * interval '1 second'
  where q.id = p_id and q.state = 'sending'
$$;
comment on function private.retry_portal_mail(uuid, text, integer) is 'A claimed portal mail that has to wait. Definer: see gateway_config.';

create function private.store_portal_mail(p_id uuid, p_answered uuid, p jsonb, p_header bytea, p_body bytea, p_inline bytea, p_relay bytea)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_mail public.portal_mail;
  v_answer jsonb;
begin
  select * into v_mail from public.portal_mail q where q.id = p_id for update;
  if not found or v_mail.state <> 'sending' then
    return jsonb_build_object('kind', 'duplicate');
  end if;
  if v_mail.account_id <> (p -> 'message' ->> 'owner_account')::uuid then
    raise exception 'A portal mail belongs to the account that sent it.' using errcode = '42501';
  end if;
  v_answer := private.store_message(p, p_header, p_body, p_inline, p_relay);
  perform private.end_portal_mail(p_id, 'sent', null,
    (select d.message_id from public.deliveries d where d.mail_mac = private.unb64(p -> 'message' ->> 'mail_mac') and d.kind = 'sender'));
  update public.deliveries d set replied_at = now()
    where d.message_id = p_answered and d.kind <> 'sender' and d.replied_at is null
      and d.mailbox_id in (select b.mailbox_id from public.mailbox_members b where b.account_id = v_mail.account_id);
  return v_answer;
end $$;
comment on function private.store_portal_mail(uuid, uuid, jsonb, bytea, bytea, bytea, bytea) is
  'Stores a portal mail as store_message does and marks it sent, in one transaction and once. Definer: see gateway_config.';

grant execute on function private.claim_portal_mail(integer, integer), private.portal_mail_parcel(uuid),
  private.portal_mail_facts(uuid, uuid, text[]), private.refuse_portal_mail(uuid, text),
  private.hold_portal_mail(uuid, bytea),
  private.retry_portal_mail(uuid, text, integer),
  private.store_portal_mail(uuid, uuid, jsonb, bytea, bytea, bytea, bytea) to sealpost_gateway;
