-- Who may do what: nobody anything, until a later line grants it by name.
--
-- Hosted Supabase grants every new table and function in `public` to the API's roles by default; here each grant is
-- written down. Helpers and internal tables live in `private`, which the API does not expose.

alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges revoke execute on functions from public;

create schema private;
comment on schema private is 'Sealpost''s inner rooms: internal tables and the few SECURITY DEFINER functions. Never exposed by the API.';
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

do $$
begin
  if not exists (select 1 from pg_catalog.pg_roles where rolname = 'sealpost_gateway') then
    create role sealpost_gateway login noinherit nocreatedb nocreaterole;
  end if;
end
$$;
comment on role sealpost_gateway is 'The SMTP gateway''s own connection: the few functions it needs. Its password is set by the operator.';
grant usage on schema private to sealpost_gateway;

create function private.b64(p_bytes bytea) returns text
language sql immutable parallel safe strict set search_path = ''
as $$ select pg_catalog.translate(pg_catalog.encode(p_bytes, 'base64'), E'\n', '') $$;
comment on function private.b64(bytea) is 'Bytes as one line of base64 (RFC 4648), for JSON answers.';

create function private.unb64(p_text text) returns bytea
language sql immutable parallel safe strict set search_path = ''
as $$ select pg_catalog.decode(p_text, 'base64') $$;
comment on function private.unb64(text) is 'The bytes of a base64 text.';

create function private.from_ms(p_ms text) returns timestamptz
language sql immutable parallel safe strict set search_path = ''
as $$ select 'epoch'::timestamptz + p_ms::bigint * interval '1 millisecond' $$;
comment on function private.from_ms(text) is 'A time given in milliseconds since 1970, exact to the millisecond as signatures need it.';

create function private.to_ms(p_at timestamptz) returns bigint
language sql immutable parallel safe strict set search_path = ''
as $$ select pg_catalog.round(extract(epoch from p_at) * 1000)::bigint $$;
comment on function private.to_ms(timestamptz) is 'Milliseconds since 1970.';
