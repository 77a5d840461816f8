-- Roles and schemas as on hosted Supabase. Run once by supabase_admin, the superuser, in a fresh cluster.
-- Who may do what: postgres migrates and is no superuser; anon, authenticated and service_role are what the API
-- becomes; the *_admin roles own what the platform brings; supabase_lite is the login of the embedded API.

create role postgres login createrole createdb replication bypassrls;
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
create role supabase_auth_admin nologin noinherit createrole;
create role supabase_storage_admin nologin noinherit createrole;
create role supabase_realtime_admin nologin noinherit;
create role supabase_lite login noinherit;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;
grant supabase_storage_admin, supabase_realtime_admin to postgres with inherit true, set false, admin false;

grant anon, authenticated, service_role to supabase_lite with inherit false, set true;
grant supabase_auth_admin, supabase_storage_admin to supabase_lite with inherit true, set false;
grant pg_read_all_data, pg_write_all_data to supabase_lite with inherit true;

alter role postgres set search_path to "$user", public, extensions;
alter role supabase_auth_admin set search_path to auth;
alter role supabase_storage_admin set search_path to storage;
alter role anon set statement_timeout to '3s';
alter role authenticated set statement_timeout to '8s';
alter role authenticator set statement_timeout to '8s';
alter role authenticator set lock_timeout to '8s';

alter database postgres owner to postgres;
grant create on database postgres to supabase_auth_admin, supabase_storage_admin, supabase_realtime_admin;
alter database postgres set search_path to "$user", public, extensions;

create schema auth authorization supabase_admin;
create schema storage authorization supabase_admin;
create schema realtime authorization supabase_admin;
create schema extensions authorization postgres;

grant usage on schema auth to anon, authenticated, service_role, postgres;
grant all on schema auth to supabase_auth_admin;
grant usage on schema storage to anon, authenticated, service_role, postgres;
grant all on schema storage to supabase_storage_admin;
grant usage on schema realtime to anon, authenticated, service_role, postgres;
grant all on schema realtime to supabase_realtime_admin;
grant usage on schema extensions to anon, authenticated, service_role, postgres;
grant all on schema extensions to supabase_admin;

create extension pgcrypto with schema extensions;
create extension "uuid-ossp" with schema extensions;

-- What the platform gives away unless a migration takes it back: everything in public, to everybody.
grant usage on schema public to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
