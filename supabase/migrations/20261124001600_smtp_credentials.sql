-- Who may do what: administrators make credentials in the dashboard (npm run smtp-password prints the statement); the gateway
-- reads one at a time by `private.smtp_credential`; nobody else sees them.

create table public.smtp_credentials (
  id uuid primary key default gen_random_uuid(),
  login text not null
    constraint "an SMTP login is used once" unique
    constraint "an SMTP login is one word of up to 200 characters" check (login ~ '^[^[:space:][:cntrl:]]{1,200}$'),
  password_hash text not null
    constraint "an SMTP password is stored as the scrypt hash that npm run smtp-password prints"
    check (password_hash ~ '^\$scrypt\$ln=[0-9]{1,2},r=[0-9]{1,2},p=[0-9]{1,2}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{43,86}$'),
  allowed_addresses text[] not null
    constraint "an SMTP login sends for at least one address" check (cardinality(allowed_addresses) between 1 and 1000),
  enabled boolean not null default true,
  description text not null default '',
  created_at timestamptz not null default now()
);
alter table public.smtp_credentials enable row level security;
alter table public.smtp_credentials force row level security;
revoke all on public.smtp_credentials from anon, authenticated, service_role;
create policy "nobody sees SMTP credentials through the API" on public.smtp_credentials for select to authenticated using (false);
comment on table public.smtp_credentials is 'Mail clients and servers that sign in at the gateway''s SMTP port, and whose mail they may send.';
comment on column public.smtp_credentials.login is 'What the mail client or server signs in with; case does not matter.';
comment on column public.smtp_credentials.password_hash is 'Made by npm run smtp-password; the password itself is stored nowhere.';
comment on column public.smtp_credentials.allowed_addresses is
  'Senders: addresses such as alice@acme.example, and whole domains such as @acme.example.';
comment on column public.smtp_credentials.enabled is 'Switch off to refuse the next sign-in.';
comment on column public.smtp_credentials.description is 'For administrators.';

create function private.tidy_smtp_credential() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_odd text;
begin
  new.login := lower(trim(new.login));
  new.allowed_addresses := array(select lower(trim(a)) from unnest(new.allowed_addresses) a);
  select a into v_odd from unnest(new.allowed_addresses) a
  where a is null or a !~ '^[^@[:space:][:cntrl:]]*@[a-z0-9]([a-z0-9.-]*[a-z0-9])?$' limit 1;
  if found then
    raise exception '"%" is neither an address nor a domain: write alice@acme.example or @acme.example.', coalesce(v_odd, '')
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
comment on function private.tidy_smtp_credential() is 'Logins and addresses are compared in lower case.';
create trigger "SMTP credentials are tidy" before insert or update on public.smtp_credentials
  for each row execute function private.tidy_smtp_credential();

create function private.smtp_credential(p_login text) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('password_hash', c.password_hash, 'allowed_addresses', c.allowed_addresses)
  from public.smtp_credentials c where c.login = p_login and c.enabled
$$;
comment on function private.smtp_credential(text) is 'The hash and the senders of one enabled login. Definer: see gateway_config.';
grant execute on function private.smtp_credential(text) to sealpost_gateway;
