-- Grants of hosted Supabase on the storage tables of @supabase/lite. Run as supabase_storage_admin.
-- Who may do what: everybody may ask; row-level security, without a policy, answers nobody.

grant all on storage.buckets, storage.objects to anon, authenticated, service_role, postgres;
