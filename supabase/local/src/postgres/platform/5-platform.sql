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

-- Policies, triggers and rules have no schema of their own; their identity ends in " on schema.table".
create function extensions.is_refused(tag text, object_type text, schema_name text, object_identity text)
returns boolean language sql immutable set search_path = '' as $$
  select case
    when object_type = 'schema' then object_identity in ('auth', 'storage', 'realtime')
    when tag <> 'COMMENT' and object_type = 'policy'
      and object_identity ~ ' on (storage\.objects|storage\.buckets|realtime\.messages)$' then false
    when tag <> 'COMMENT' and object_type = 'trigger' and object_identity ~ ' on auth\.users$' then false
    else coalesce(schema_name in ('auth', 'storage', 'realtime'), false)
      or object_identity ~ ' on (auth|storage|realtime)\.\w+$'
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

  if tg_event = 'sql_drop' then
    select o.object_identity into refused from pg_event_trigger_dropped_objects() o
    where o.original and extensions.is_refused(tg_tag, o.object_type, o.schema_name, o.object_identity) limit 1;
  elsif tg_tag not in ('GRANT', 'REVOKE') then
    select c.object_identity into refused from pg_event_trigger_ddl_commands() c
    where extensions.is_refused(tg_tag, c.object_type, c.schema_name, c.object_identity) limit 1;
  elsif current_setting('sealpost.platform_grants') <> extensions.platform_grants() then
    refused := 'a schema of the platform'; -- an event trigger is not told on what a grant was made
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
