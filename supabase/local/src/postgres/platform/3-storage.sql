-- Grants of hosted Supabase on the storage tables of @supabase/lite. Run as supabase_storage_admin.
-- Who may do what: everybody may ask; row-level security, without a policy, answers nobody.

grant all on storage.buckets, storage.objects to anon, authenticated, service_role, postgres;

-- A row deleted by SQL would leave its object behind for ever: hosted lets only the Storage API delete.
create function storage.protect_delete() returns trigger language plpgsql set search_path = '' as $$
begin
  if session_user <> 'supabase_lite' and coalesce(current_setting('storage.allow_delete_query', true), '') <> 'true' then
    raise exception 'Direct deletion from storage tables is not allowed. Use the Storage API instead.'
      using errcode = 'insufficient_privilege';
  end if;
  return null;
end
$$;
create trigger protect_buckets_delete before delete on storage.buckets
for each statement execute function storage.protect_delete();
create trigger protect_objects_delete before delete on storage.objects
for each statement execute function storage.protect_delete();
