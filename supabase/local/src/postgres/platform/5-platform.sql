-- What only the superuser can make: the way from realtime.messages to the Realtime server, and the guard that makes a
-- migration fail here where it would fail on hosted Supabase. Run as supabase_admin.

-- Definer, because the inserting role may neither delete nor see the rows of others.
create function realtime.announce() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  announcement text := json_build_object(
    'id', new.id, 'topic', new.topic, 'event', new.event, 'payload', new.payload, 'private', new.private
  )::text;
begin
  if octet_length(announcement) >= 8000 then
    raise exception 'a broadcast of % bytes is more than NOTIFY can carry', octet_length(announcement);
  end if;
  perform pg_notify('sealpost_realtime', announcement);
  if random() < 0.001 then
    perform realtime.forget_old_messages();
  end if;
  return null;
end
$$;

create function realtime.forget_old_messages() returns void
language sql set search_path = '' as $$
  delete from realtime.messages
  where (id, inserted_at) in (
    select id, inserted_at from realtime.messages
    where inserted_at < now() - interval '3 days'
    for update skip locked
  )
$$;

revoke execute on function realtime.announce(), realtime.forget_old_messages() from public;

create trigger announce after insert on realtime.messages
for each row when (new.extension = 'broadcast') execute function realtime.announce();

-- The API reloads its picture of the schema when that changes, as PostgREST does.
create function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql set search_path = '' as $$
begin
  perform pg_notify('pgrst', 'reload schema');
end
$$;
create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();

-- The guard. Hosted allows the migrating role, by the extension supautils, policies on three tables and triggers on
-- one; ownership forbids the rest. Here membership stands in for supautils, and the guard for the missing ownership.

create function extensions.platform_grants() returns text language sql stable set search_path = '' as $$
  select md5(string_agg(one.acl, ';' order by one.acl)) from (
    select concat('class ', c.oid, c.relacl) as acl
    from pg_catalog.pg_class c
    where c.relnamespace in ('auth'::regnamespace, 'storage'::regnamespace, 'realtime'::regnamespace)
    union all
    select concat('column ', a.attrelid, a.attnum, a.attacl)
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
    where c.relnamespace in ('auth'::regnamespace, 'storage'::regnamespace, 'realtime'::regnamespace)
      and a.attacl is not null
    union all
    select concat('function ', p.oid, p.proacl)
    from pg_catalog.pg_proc p
    where p.pronamespace in ('auth'::regnamespace, 'storage'::regnamespace, 'realtime'::regnamespace)
    union all
    select concat('schema ', n.oid, n.nspacl)
    from pg_catalog.pg_namespace n where n.nspname in ('auth', 'storage', 'realtime')
  ) as one
$$;

create function extensions.remember_platform_grants() returns event_trigger
language plpgsql set search_path = '' as $$
begin
  perform set_config('sealpost.platform_grants', extensions.platform_grants(), true);
end
$$;

create function extensions.refuse_platform_changes() returns event_trigger
language plpgsql set search_path = '' as $$
declare
  refused text;
begin
  if session_user = 'supabase_admin' then
    return;
  end if;

  if tg_tag in ('GRANT', 'REVOKE') then
    if current_setting('sealpost.platform_grants') <> extensions.platform_grants() then
      refused := 'a schema of the platform';
    end if;
  elsif tg_event = 'sql_drop' then
    select o.object_identity into refused
    from pg_event_trigger_dropped_objects() o
    where o.original
      and o.address_names[1] in ('auth', 'storage', 'realtime')
      and not (o.object_type = 'policy' and (o.address_names[1], o.address_names[2]) in
        (('storage', 'objects'), ('storage', 'buckets'), ('realtime', 'messages')))
      and not (o.object_type = 'trigger' and (o.address_names[1], o.address_names[2]) = ('auth', 'users'))
    limit 1;
  else
    select c.object_identity into refused
    from pg_event_trigger_ddl_commands() c
    left join pg_catalog.pg_policy p on c.classid = 'pg_catalog.pg_policy'::regclass and p.oid = c.objid
    left join pg_catalog.pg_trigger t on c.classid = 'pg_catalog.pg_trigger'::regclass and t.oid = c.objid
    left join pg_catalog.pg_class r on r.oid = coalesce(p.polrelid, t.tgrelid)
    left join pg_catalog.pg_namespace n on n.oid = r.relnamespace
    where coalesce(n.nspname, c.schema_name, c.object_identity) in ('auth', 'storage', 'realtime')
      and not coalesce(c.command_tag in ('CREATE POLICY', 'ALTER POLICY') and (n.nspname, r.relname) in
        (('storage', 'objects'), ('storage', 'buckets'), ('realtime', 'messages')), false)
      and not coalesce(c.command_tag = 'CREATE TRIGGER' and (n.nspname, r.relname) = ('auth', 'users'), false)
    limit 1;
  end if;

  if refused is not null then
    raise exception 'hosted Supabase refuses this: % on % by %', tg_tag, refused, current_user
      using errcode = 'insufficient_privilege',
      hint = 'In auth, storage and realtime a migration may make policies on storage.objects, storage.buckets and '
        || 'realtime.messages, and triggers on auth.users; nothing else.';
  end if;
end
$$;

create event trigger remember_platform_grants on ddl_command_start when tag in ('GRANT', 'REVOKE')
execute function extensions.remember_platform_grants();
create event trigger refuse_platform_changes on ddl_command_end
execute function extensions.refuse_platform_changes();
create event trigger refuse_platform_drops on sql_drop execute function extensions.refuse_platform_changes();
