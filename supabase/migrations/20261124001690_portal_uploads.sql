-- Who may do what: a signed-in person reserves random object names for a draft's attachments, within the limits of a mail and a quota
-- of their own, and inserts those objects; the gateway's machine account fetches them once the mail was sent off. Nobody else does either.

alter table public.settings
  add column portal_upload_quota bigint not null default 209715200
    constraint "the quota holds at least one mail" check (portal_upload_quota >= 60000000);
comment on column public.settings.portal_upload_quota is 'Bytes of uploaded attachments that each account may have in drafts and in mails on their way.';

alter table private.uploads
  add column account_id uuid references public.accounts (id) on delete cascade,
  add column portal_mail uuid,
  add column part integer,
  add column piece integer,
  add constraint "a person's upload says what it is a piece of"
    check ((account_id is null) = (portal_mail is null) and (account_id is null) = (part is null) and (account_id is null) = (piece is null));
create unique index "a piece is uploaded once" on private.uploads (account_id, portal_mail, part, piece)
  where account_id is not null and delete_after is null;
create index "uploads of an account" on private.uploads (account_id) where account_id is not null;
comment on column private.uploads.account_id is 'Who attaches it in the portal; empty: the gateway''s own.';
comment on column private.uploads.portal_mail is 'The draft that it belongs to, by the id that the device made.';

create or replace function private.may_upload(p_name text) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (select 1 from private.machine_accounts m where m.id = (select auth.uid()))
      and exists (select 1 from private.uploads u where u.object_name = p_name and u.account_id is null and u.attached_at is null
        and u.delete_after is null and u.reserved_at > now() - interval '1 hour')
    or exists (select 1 from private.uploads u where u.object_name = p_name and u.account_id = private.me() and u.attached_at is null
        and u.delete_after is null and u.reserved_at > now() - interval '24 hours')
$$;
comment on function private.may_upload(text) is
  'The caller is the uploader and the gateway reserved this name, or a person who reserved it for a draft. Definer: internal tables.';

create function private.may_fetch_upload(p_name text) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (select 1 from private.machine_accounts m where m.id = (select auth.uid()))
    and exists (select 1 from private.uploads u where u.object_name = p_name and u.account_id is not null
      and u.attached_at is not null and u.delete_after is null)
$$;
comment on function private.may_fetch_upload(text) is 'The caller is the gateway''s machine account, and the object belongs to a portal mail that was sent off. Definer: internal tables.';
grant execute on function private.may_fetch_upload(text) to authenticated;
create policy "the gateway fetches what people attach in the portal" on storage.objects for select to authenticated
  using (bucket_id = 'attachments' and private.may_fetch_upload(name));

create function private.upload_exists(p_name text) returns boolean
language sql stable security definer set search_path = ''
as $$ select exists (select 1 from storage.objects o where o.bucket_id = 'attachments' and o.name = p_name) $$;
comment on function private.upload_exists(text) is 'Whether an object has arrived. Definer: objects are not the caller''s to read.';

create function private.upload_bytes(p_account uuid, p_portal_mail uuid, p_part integer) returns bigint
language sql stable security definer set search_path = ''
as $$
  select coalesce(sum(greatest(u.cipher_bytes, (o.metadata ->> 'size')::bigint)), 0)::bigint
  from private.uploads u left join storage.objects o on o.bucket_id = 'attachments' and o.name = u.object_name
  where u.account_id = p_account and u.delete_after is null
    and (p_portal_mail is null or u.portal_mail = p_portal_mail) and (p_part is null or u.part = p_part)
$$;
comment on function private.upload_bytes(uuid, uuid, integer) is
  'What an account''s uploads take, as reserved or, where more arrived, as it is. Definer: internal table, and objects.';

create function private.must_be_me() returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_me uuid := private.me();
begin
  if v_me is null then
    raise exception 'Sign in again.' using errcode = '42501';
  end if;
  return v_me;
end $$;
comment on function private.must_be_me() is 'The caller''s account; without one the call ends. Definer: see me.';

create function private.reserve_portal_upload(p_portal_mail uuid, p_part integer, p_piece integer, p_bytes bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_me uuid := private.must_be_me();
  v_quota bigint := (select s.portal_upload_quota from public.settings s);
  v_used bigint;
  v_name text;
begin
  if p_part not between 1 and 1000 or p_piece not between 0 and 5 or p_bytes not between 1 and 4194304 then
    raise exception 'A piece has 1 byte to 4 MiB, and an attachment at most six.' using errcode = '22023';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(v_me::text, 1));
  update private.uploads u set reserved_at = now()
    where u.account_id = v_me and u.portal_mail = p_portal_mail and u.part = p_part and u.piece = p_piece and u.cipher_bytes = p_bytes
      and u.delete_after is null and u.attached_at is null returning u.object_name into v_name;
  if found then
    return jsonb_build_object('kind', 'reserved', 'name', v_name, 'uploaded', private.upload_exists(v_name));
  end if;
  if private.upload_bytes(v_me, p_portal_mail, p_part) + p_bytes > 25100000
    or private.upload_bytes(v_me, p_portal_mail, null) + p_bytes > 50300000 then
    return jsonb_build_object('kind', 'too-large');
  end if;
  v_used := private.upload_bytes(v_me, null, null);
  if v_used + p_bytes > v_quota then
    return jsonb_build_object('kind', 'over-quota', 'quota_bytes', v_quota, 'used_bytes', v_used);
  end if;
  insert into private.uploads (object_name, cipher_bytes, account_id, portal_mail, part, piece)
  values (replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), p_bytes, v_me, p_portal_mail, p_part, p_piece)
  returning object_name into v_name;
  return jsonb_build_object('kind', 'reserved', 'name', v_name, 'uploaded', false);
end $$;
comment on function private.reserve_portal_upload(uuid, integer, integer, bigint) is
  'A random object name for a piece of an attachment, within quota and the limits of a mail; the same piece gets the same name again. Definer: internal table.';

create function private.drop_portal_uploads(p_portal_mail uuid, p_part integer) returns integer
language sql security definer set search_path = ''
as $$
  with dropped as (update private.uploads u set delete_after = now()
    where u.account_id = private.me() and u.portal_mail = p_portal_mail and (p_part is null or u.part = p_part)
      and u.attached_at is null and u.delete_after is null returning 1)
  select count(*)::integer from dropped
$$;
comment on function private.drop_portal_uploads(uuid, integer) is 'Gives up what was uploaded for a draft, or for one attachment of it. Definer: internal table.';

create function public.reserve_portal_upload(p_portal_mail_id uuid, p_part integer, p_piece integer, p_cipher_bytes bigint) returns jsonb
language sql set search_path = '' as $$ select private.reserve_portal_upload(p_portal_mail_id, p_part, p_piece, p_cipher_bytes) $$;
create function public.drop_portal_uploads(p_portal_mail_id uuid, p_part integer default null) returns integer
language sql set search_path = '' as $$ select private.drop_portal_uploads(p_portal_mail_id, p_part) $$;
comment on function public.reserve_portal_upload(uuid, integer, integer, bigint) is 'Reserves an object for a piece of an attachment: reserved, over-quota, or too-large.';
comment on function public.drop_portal_uploads(uuid, integer) is 'Gives up the uploads of a draft, or of one attachment of it.';
grant execute on function private.reserve_portal_upload(uuid, integer, integer, bigint), private.drop_portal_uploads(uuid, integer),
  public.reserve_portal_upload(uuid, integer, integer, bigint), public.drop_portal_uploads(uuid, integer) to authenticated;
