-- Who may do what: the edge functions (service_role) execute these, and have no right on any table. Thin invoker functions in
-- `public` stand before the definer functions in `private`.

create function private.claim_notices(p_most integer) returns jsonb
language sql security definer set search_path = ''
as $$
  with claimed as (
    update public.notices n set claimed_until = now() + interval '2 minutes', attempts = n.attempts + 1
    where n.id in (select q.id from public.notices q
      where q.kind = 'message' and q.state = 'due' and q.due_at <= now() and (q.claimed_until is null or q.claimed_until < now())
      order by q.due_at limit p_most for update skip locked)
    returning n.id, n.delivery_id, n.address, n.token, n.attempts, n.created_at)
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'delivery_id', c.delivery_id, 'address', c.address, 'token', c.token,
    'attempts', c.attempts, 'created_at', c.created_at, 'readable', private.is_readable(m) and d.recalled_at is null,
    'sender_address', m.owner_address, 'sender_name', m.owner_name, 'expires_at', m.expires_at, 'view_limit', m.controls -> 'viewLimit',
    'organisation', s.organisation_name, 'phrase', a.phrase, 'first_contact', coalesce(a.status = 'invited', false))), '[]')
  from claimed c
  join public.deliveries d on d.id = c.delivery_id
  join public.messages m on m.id = d.message_id
  cross join public.settings s
  left join public.accounts a on a.address = c.address
$$;
comment on function private.claim_notices(integer) is 'Claims notices that are due, with all that the mail says: never subject or content. Definer: service_role has no right on tables.';

create function private.claim_invites(p_most integer) returns jsonb
language sql security definer set search_path = ''
as $$
  with claimed as (
    update public.notices n set claimed_until = now() + interval '2 minutes', attempts = n.attempts + 1
    where n.id in (select q.id from public.notices q
      where q.kind = 'temporary_password' and q.state = 'due' and q.due_at <= now()
        and (q.claimed_until is null or q.claimed_until < now())
      order by q.due_at limit p_most for update skip locked)
    returning n.id, n.account_id, n.token, n.attempts)
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'token', c.token, 'attempts', c.attempts,
    'account', jsonb_build_object('id', a.id, 'address', a.address, 'kind', a.kind, 'status', a.status,
      'public_key', private.b64(a.public_key),
      'key_version', a.key_version, 'attestation', private.b64(a.attestation), 'invite_sealed', private.b64(a.invite_sealed),
      'has_user', exists (select 1 from auth.users u where u.id = a.id)),
    'organisation', s.organisation_name, 'life_seconds', extract(epoch from s.temporary_password_life)::integer)), '[]')
  from claimed c join public.accounts a on a.id = c.account_id cross join public.settings s
$$;
comment on function private.claim_invites(integer) is 'Claims temporary passwords that are due, with the account''s key sealed to the invite key. Definer: see claim_notices.';

create function private.finish_notice(p_id uuid, p_outcome text, p_error text, p_retry_seconds integer) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_notice public.notices;
begin
  if p_outcome not in ('sent', 'retry', 'failed', 'dropped') then
    raise exception 'An outcome is sent, retry, failed or dropped.' using errcode = '22023';
  end if;
  update public.notices n set claimed_until = null, last_error = left(p_error, 500),
    state = case p_outcome when 'sent' then 'sent' when 'retry' then 'due' else 'failed' end::public.notice_state,
    sent_at = case when p_outcome = 'sent' then now() end,
    due_at = case when p_outcome = 'retry' then now() + p_retry_seconds * interval '1 second' else n.due_at end
  where n.id = p_id and n.state = 'due' returning * into v_notice;
  if not found or v_notice.delivery_id is null or p_outcome in ('retry', 'dropped') then
    return;
  end if;
  if p_outcome = 'sent' then
    update public.deliveries set notified_at = coalesce(notified_at, now()) where id = v_notice.delivery_id;
  else
    update public.deliveries set bounced_at = coalesce(bounced_at, now()) where id = v_notice.delivery_id;
  end if;
  insert into public.receipts (delivery_id, message_id, kind)
  select d.id, d.message_id, case p_outcome when 'sent' then 'notified' else 'bounced' end::public.receipt_kind
  from public.deliveries d where d.id = v_notice.delivery_id;
end $$;
comment on function private.finish_notice(uuid, text, text, integer) is 'Records what the mail server answered to a notice; a dropped one is no longer wanted, and nothing bounced. Definer: see claim_notices.';

create function private.account_for_password(p_account uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('id', a.id, 'address', a.address, 'status', a.status,
    'temporary_password_works', a.temporary_password_expires_at > now())
  from public.accounts a where a.id = p_account
$$;
comment on function private.account_for_password(uuid) is 'What the edge function password must know of an account. Definer: see claim_notices.';

create function private.objects_to_sweep(p_most integer) returns setof text
language sql security definer set search_path = ''
as $$
  update private.uploads u set delete_after = coalesce(u.delete_after, now())
  where u.object_name in (select q.object_name from private.uploads q
    where q.delete_after <= now() or (q.attached_at is null and q.reserved_at < now() - interval '24 hours')
    order by q.object_name limit p_most for update skip locked)
  returning u.object_name
$$;
comment on function private.objects_to_sweep(integer) is 'Objects of messages that have ended, and uploads that were never attached; from now on they cannot be attached. Definer: see claim_notices.';

create function private.objects_swept(p_names text[]) returns integer
language sql security definer set search_path = ''
as $$
  with gone as (delete from private.uploads u where u.object_name = any (p_names) and u.delete_after <= now() returning 1)
  select count(*)::integer from gone
$$;
comment on function private.objects_swept(text[]) is 'Forgets objects that the Storage API has deleted. Definer: see claim_notices.';

create function public.claim_notices(p_most integer) returns jsonb language sql set search_path = ''
as $$ select private.claim_notices(p_most) $$;
create function public.claim_invites(p_most integer) returns jsonb language sql set search_path = ''
as $$ select private.claim_invites(p_most) $$;
create function public.finish_notice(p_id uuid, p_outcome text, p_error text default null, p_retry_seconds integer default 60) returns void
language sql set search_path = '' as $$ select private.finish_notice(p_id, p_outcome, p_error, p_retry_seconds) $$;
create function public.add_pending_wrap(p_account uuid, p_purpose text, p_wrapped_key text) returns uuid language sql set search_path = ''
as $$ select private.add_pending_wrap(p_account, p_purpose, private.unb64(p_wrapped_key)) $$;
create function public.begin_sign_in(p_address_mac text, p_network_mac text) returns integer language sql set search_path = ''
as $$ select private.begin_sign_in(private.unb64(p_address_mac), private.unb64(p_network_mac)) $$;
create function public.finish_sign_in(p_address_mac text, p_session uuid, p_account uuid, p_network_mac text default null) returns boolean
language sql set search_path = ''
as $$ select private.finish_sign_in(private.unb64(p_address_mac), p_session, p_account, private.unb64(p_network_mac)) $$;
create function public.account_for_password(p_account uuid) returns jsonb language sql stable set search_path = ''
as $$ select private.account_for_password(p_account) $$;
create function public.objects_to_sweep(p_most integer) returns setof text language sql set search_path = ''
as $$ select private.objects_to_sweep(p_most) $$;
create function public.objects_swept(p_names text[]) returns integer language sql set search_path = ''
as $$ select private.objects_swept(p_names) $$;

comment on function public.claim_notices(integer) is 'For the edge function notify.';
comment on function public.claim_invites(integer) is 'For the edge function invite.';
comment on function public.finish_notice(uuid, text, text, integer) is 'For the edge functions notify and invite: sent, retry, failed or dropped.';
comment on function public.add_pending_wrap(uuid, text, text) is 'For invite (temporary) and password (chosen): wrapped key in base64; gives the id to set as app_metadata.sealpost_wrap with the new password.';
comment on function public.begin_sign_in(text, text) is 'For sign-in: counts an attempt; gives seconds of lock-out, 0 if it may go on.';
comment on function public.finish_sign_in(text, uuid, uuid, text) is 'For sign-in and password: trusts the session of a right password; false if the account is shut or the temporary password too old.';
comment on function public.account_for_password(uuid) is 'For password: an account''s address and status.';
comment on function public.objects_to_sweep(integer) is 'For sweep: names of objects to delete.';
comment on function public.objects_swept(text[]) is 'For sweep: forgets deleted objects.';

grant execute on function private.claim_notices(integer), private.claim_invites(integer),
  private.finish_notice(uuid, text, text, integer), private.add_pending_wrap(uuid, text, bytea),
  private.begin_sign_in(bytea, bytea), private.finish_sign_in(bytea, uuid, uuid, bytea), private.account_for_password(uuid),
  private.objects_to_sweep(integer), private.objects_swept(text[]), private.b64(bytea), private.unb64(text),
  public.claim_notices(integer), public.claim_invites(integer), public.finish_notice(uuid, text, text, integer),
  public.add_pending_wrap(uuid, text, text), public.begin_sign_in(text, text), public.finish_sign_in(text, uuid, uuid, text),
  public.account_for_password(uuid), public.objects_to_sweep(integer), public.objects_swept(text[])
  to service_role;

create function private.add_machine_account(p_id uuid, p_address text) returns void
language sql security definer set search_path = ''
as $$ insert into private.machine_accounts (id, address) values (p_id, p_address) on conflict (id) do nothing $$;
comment on function private.add_machine_account(uuid, text) is 'Names the auth user that uploads for the gateway. Run by the operator. Definer: internal table.';
