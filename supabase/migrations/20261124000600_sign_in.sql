-- Who may do what: auth.users takes nobody whom the gateway has not made an account for; a pending wrap becomes the account's
-- wrapped key in the transaction that changes the password, and only there. Attempts are counted by the edge function sign-in.

create type private.wrap_purpose as enum ('temporary', 'chosen');

create table private.pending_wraps (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references public.accounts (id) on delete cascade,
  purpose private.wrap_purpose not null,
  wrapped_key bytea not null,
  password_xid xid8,
  created_at timestamptz not null default now()
);
create index "pending wraps of an account" on private.pending_wraps (account_id);
comment on table private.pending_wraps is 'Private keys wrapped under a password that is about to be set; promoted by the trigger on auth.users.';
comment on column private.pending_wraps.password_xid is 'The transaction in which the password was last set. Promotion must happen in the same one.';

create table private.attempts (
  scope text not null,
  mac bytea not null,
  failures integer not null default 0,
  window_started_at timestamptz not null default now(),
  locked_until timestamptz,
  primary key (scope, mac)
);
create index "attempts by age" on private.attempts (window_started_at);
comment on table private.attempts is 'Sign-in attempts by HMAC of the address or of the network; the same for addresses that exist and that do not.';

create function private.guard_auth_user() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.email is not distinct from old.email and coalesce(new.phone, '') = coalesce(old.phone, '')
    and coalesce(new.email_change, '') = coalesce(old.email_change, '') then
    return new;
  end if;
  if coalesce(new.phone, '') <> '' then
    raise exception 'Sign-in by phone is shut.' using errcode = '42501';
  end if;
  if tg_op = 'UPDATE' then
    raise exception 'The address of an account cannot be changed.' using errcode = '42501';
  end if;
  if not exists (select 1 from public.accounts a where a.id = new.id and a.address = new.email)
    and not exists (select 1 from private.machine_accounts m where m.id = new.id and m.address = new.email) then
    raise exception 'Sign-up is shut: accounts are made by the gateway.' using errcode = '42501';
  end if;
  return new;
end $$;
comment on function private.guard_auth_user() is
  'Shuts the side doors of Auth: unknown ids, phone numbers, address changes. Definer: Auth''s role may not read accounts.';

create function private.is_other_password(p_old text, p_new text) returns boolean
language sql immutable set search_path = ''
as $$ select p_old is distinct from p_new and substring(p_old from '^\$2[aby]\$(\d\d)\$') = substring(p_new from '^\$2[aby]\$(\d\d)\$') $$;
comment on function private.is_other_password(text, text) is
  'Whether a new password was set. Auth re-hashes an old one only to change its cost or scheme, so an equal cost tells them apart.';

create function private.promote_wrap() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_wrap private.pending_wraps;
begin
  if tg_op = 'INSERT' or new.encrypted_password is distinct from old.encrypted_password then
    update private.pending_wraps set password_xid = pg_current_xact_id() where account_id = new.id;
  end if;
  if tg_op = 'UPDATE' and private.is_other_password(old.encrypted_password, new.encrypted_password)
    and exists (select 1 from public.accounts a where a.id = new.id and a.wrapped_key is not null)
    and not exists (select 1 from private.pending_wraps p where p.account_id = new.id and p.created_at > now() - interval '10 minutes') then
    raise exception 'A password is changed in the portal only: its owner''s key has to be wrapped for it.' using errcode = '42501';
  end if;
  select * into v_wrap from private.pending_wraps p
    where p.account_id = new.id and p.id::text = new.raw_app_meta_data ->> 'sealpost_wrap'
      and p.password_xid = pg_current_xact_id() and p.created_at > now() - interval '10 minutes';
  if not found then
    -- A password must not change without the key that was wrapped for it, or its owner is shut out of their own mail.
    if new.raw_app_meta_data ->> 'sealpost_wrap' is not null
      and (tg_op = 'INSERT' or new.raw_app_meta_data ->> 'sealpost_wrap' is distinct from old.raw_app_meta_data ->> 'sealpost_wrap')
      and not exists (select 1 from private.pending_wraps p where p.account_id = new.id
        and p.id::text = new.raw_app_meta_data ->> 'sealpost_wrap' and p.created_at > now() - interval '10 minutes') then
      raise exception 'The wrapped key that goes with this password is gone; start the change again.' using errcode = '55000';
    end if;
    return null;
  end if;
  if v_wrap.purpose = 'temporary' and not exists (select 1 from public.accounts a where a.id = new.id and a.status = 'invited') then
    raise exception 'The account has a password of its own; a temporary one cannot replace it.' using errcode = '55000';
  end if;
  update public.accounts a set
    wrapped_key = v_wrap.wrapped_key,
    status = case when v_wrap.purpose = 'chosen' and a.status = 'invited' then 'active' else a.status end,
    activated_at = case when v_wrap.purpose = 'chosen' then coalesce(a.activated_at, now()) else a.activated_at end,
    invite_sealed = case when v_wrap.purpose = 'chosen' then null else a.invite_sealed end,
    temporary_password_expires_at = case when v_wrap.purpose = 'temporary'
      then now() + (select s.temporary_password_life from public.settings s) end
  where a.id = new.id;
  delete from private.pending_wraps where id = v_wrap.id; -- another change under way keeps its own
  perform private.audit('account:' || new.id, case v_wrap.purpose when 'chosen' then 'password chosen' else 'temporary password set' end, new.id::text);
  return null;
end $$;
comment on function private.promote_wrap() is
  'Makes the pending wrap the account''s key in the transaction that sets the password named with it (app_metadata.sealpost_wrap), whatever '
  'order Auth writes the two in. A mere re-hash names no pending wrap and changes nothing. Definer: Auth''s role may not write accounts.';

create trigger "sealpost guards who may be a user" before insert or update on auth.users
  for each row execute function private.guard_auth_user();
create trigger "sealpost promotes the pending wrap" after insert or update on auth.users
  for each row execute function private.promote_wrap();

create function private.begin_sign_in(p_address_mac bytea, p_network_mac bytea) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  c_window constant interval := interval '15 minutes';
  c_per_address constant integer := 5;
  c_per_network constant integer := 100;
  v_scope record;
  v_row private.attempts;
  v_seconds integer := 0;
begin
  for v_scope in
    select * from (values ('address', p_address_mac, c_per_address), ('network', p_network_mac, c_per_network)) s (name, mac, most)
  loop
    insert into private.attempts as a (scope, mac, failures) values (v_scope.name, v_scope.mac, 1)
    on conflict (scope, mac) do update set
      failures = case when a.locked_until > now() then a.failures
        when a.window_started_at < now() - c_window or a.locked_until <= now() then 1 else a.failures + 1 end,
      window_started_at = case when a.locked_until is null and a.window_started_at >= now() - c_window then a.window_started_at
        when a.locked_until > now() then a.window_started_at else now() end,
      locked_until = case when a.locked_until > now() then a.locked_until end
    returning * into v_row;
    if v_row.failures > v_scope.most and v_row.locked_until is null then
      update private.attempts set locked_until = now() + c_window where scope = v_scope.name and mac = v_scope.mac
        returning * into v_row;
      perform private.audit('sign-in', 'locked out', v_scope.name);
    end if;
    v_seconds := greatest(v_seconds, ceil(coalesce(extract(epoch from v_row.locked_until - now()), 0))::integer);
  end loop;
  return v_seconds;
end $$;
comment on function private.begin_sign_in(bytea, bytea) is
  'Counts an attempt before it is made, so that parallel guesses count too; gives the seconds of a lock-out, 0 if the attempt may go on. '
  'Five an address, a hundred a network, in 15 minutes. Definer: attempts are an internal table.';

create function private.finish_sign_in(p_address_mac bytea, p_session uuid, p_account uuid, p_network_mac bytea default null) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if not exists (select 1 from public.accounts a where a.id = p_account and a.status in ('invited', 'active')
      and (a.status = 'active' or a.temporary_password_expires_at > now())) then
    return false;
  end if;
  delete from private.attempts where scope = 'address' and mac = p_address_mac;
  update private.attempts set failures = greatest(failures - 1, 0)
    where scope = 'network' and mac = p_network_mac and locked_until is null;
  insert into private.trusted_sessions (session_id, account_id) values (p_session, p_account) on conflict do nothing;
  perform private.audit('account:' || p_account, 'signed in', p_account::text);
  return true;
end $$;
comment on function private.finish_sign_in(bytea, uuid, uuid, bytea) is
  'Trusts a session that Auth has just made for the right password; false for a suspended account or a temporary password past its life. '
  'A success does not count against its network, so that an office that signs in at nine is not locked out. '
  'Definer: internal tables.';

create function private.add_pending_wrap(p_account uuid, p_purpose text, p_wrapped_key bytea) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  v_id uuid;
begin
  delete from private.pending_wraps where account_id = p_account and created_at < now() - interval '10 minutes';
  insert into private.pending_wraps (account_id, purpose, wrapped_key)
    values (p_account, p_purpose::private.wrap_purpose, p_wrapped_key) returning id into v_id;
  return v_id;
end $$;
comment on function private.add_pending_wrap(uuid, text, bytea) is 'Stores a wrap for the password that is about to be set. Definer: internal table.';

create function private.forget_stale_sign_ins() returns void
language sql security definer set search_path = ''
as $$
  delete from private.trusted_sessions t
    where t.created_at < now() - interval '1 hour' and not exists (select 1 from auth.sessions s where s.id = t.session_id);
  delete from private.attempts a
    where a.window_started_at < now() - interval '1 day' and (a.locked_until is null or a.locked_until < now());
  delete from private.pending_wraps p where p.created_at < now() - interval '1 day';
$$;
comment on function private.forget_stale_sign_ins() is
  'Drops trust in sessions that have ended, old counts, and wraps whose password was never set. None of them counts any more. Definer: internal tables.';
