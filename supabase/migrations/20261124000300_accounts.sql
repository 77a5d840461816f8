-- Who may do what: a signed-in person reads their own account row and the mailboxes they are a member of. Only the gateway
-- (`private.store_message`, `private.add_account`) makes rows; only the trigger on auth.users activates; administrators
-- suspend by setting accounts.status in the dashboard.

create type public.account_status as enum ('invited', 'active', 'suspended', 'removed');
create type public.account_kind as enum ('internal', 'external');

create table public.accounts (
  id uuid primary key,
  address text not null
    constraint "an account's address is normalised" check (address = lower(address) and address ~ '^[^@\s]+@[^@\s]+$'),
  display_name text,
  kind public.account_kind not null,
  status public.account_status not null default 'invited',
  public_key bytea not null constraint "an account's public key is an uncompressed P-256 point" check (length(public_key) = 65),
  key_version integer not null default 1,
  attestation bytea not null,
  wrapped_key bytea,
  invite_sealed bytea,
  escrow_sealed bytea,
  temporary_password_expires_at timestamptz,
  phrase text constraint "a personal phrase is one line of up to 60 characters" check (phrase ~ '^[^\n\r]{1,60}$'),
  created_at timestamptz not null default now(),
  activated_at timestamptz
);
create unique index "one account an address" on public.accounts (address);
alter table public.accounts enable row level security;
alter table public.accounts force row level security;
revoke all on public.accounts from anon, authenticated, service_role;
comment on table public.accounts is 'People who can sign in. The key pair is made by the gateway at the first mail; the private key is stored sealed only.';
comment on column public.accounts.status is 'Set to suspended to shut somebody out at once, in every session; active lets them in again.';
comment on column public.accounts.attestation is 'The gateway''s signature over id, address, public key and version: a key that somebody slips in is noticed.';
comment on column public.accounts.wrapped_key is 'The private key, encrypted under the account''s password (temporary or own).';
comment on column public.accounts.invite_sealed is 'The private key, sealed to the invite key until the account is activated.';
comment on column public.accounts.escrow_sealed is 'The private key, sealed to the recovery key (escrow); empty where escrow is off.';
comment on column public.accounts.temporary_password_expires_at is 'Until when the temporary password works; empty once the person has chosen their own.';
comment on column public.accounts.phrase is 'The personal phrase in notices, by which the person knows that they are genuine.';

create table public.mailboxes (
  id uuid primary key,
  address text not null
    constraint "a mailbox's address is normalised" check (address = lower(address) and address ~ '^[^@\s]+@[^@\s]+$'),
  public_key bytea not null constraint "a mailbox's public key is an uncompressed P-256 point" check (length(public_key) = 65),
  key_version integer not null default 1,
  attestation bytea not null,
  created_at timestamptz not null default now()
);
create unique index "one mailbox an address" on public.mailboxes (address);
alter table public.mailboxes enable row level security;
alter table public.mailboxes force row level security;
revoke all on public.mailboxes from anon, authenticated, service_role;
comment on table public.mailboxes is 'Addresses that mail is sealed to. A person''s own mailbox has one member, a shared one several.';
comment on column public.mailboxes.attestation is 'The gateway''s signature over id, address, public key and version.';

create table public.mailbox_members (
  mailbox_id uuid not null references public.mailboxes (id) on delete cascade,
  account_id uuid not null references public.accounts (id) on delete cascade,
  key_version integer not null default 1,
  sealed_key bytea not null,
  created_at timestamptz not null default now(),
  primary key (mailbox_id, account_id, key_version)
);
create index "mailboxes of an account" on public.mailbox_members (account_id);
alter table public.mailbox_members enable row level security;
alter table public.mailbox_members force row level security;
revoke all on public.mailbox_members from anon, authenticated, service_role;
comment on table public.mailbox_members is 'Who may open a mailbox: its private key, sealed to the member''s account key.';

create table private.machine_accounts (
  id uuid primary key,
  address text not null unique,
  created_at timestamptz not null default now()
);
comment on table private.machine_accounts is 'Auth users that are no people: the gateway''s uploader, which may only insert reserved objects.';

create table private.trusted_sessions (
  session_id uuid primary key,
  account_id uuid not null references public.accounts (id) on delete cascade,
  created_at timestamptz not null default now()
);
create index "trusted sessions of an account" on private.trusted_sessions (account_id);
comment on table private.trusted_sessions is 'Auth sessions made by the edge functions sign-in and password, which alone know the pepper. Others count for nothing.';

create function private.session_is_trusted() returns boolean
language sql stable security definer set search_path = ''
as $$
  select coalesce((select auth.jwt()) -> 'amr' @> '[{"method":"password"}]', false)
    and exists (
      select 1
      from private.trusted_sessions t
      join auth.sessions s on s.id = t.session_id
      where t.session_id = nullif((select auth.jwt()) ->> 'session_id', '')::uuid
        and t.account_id = (select auth.uid()) and s.user_id = (select auth.uid())
        and (s.not_after is null or s.not_after > now()))
    and ((select auth.jwt()) ->> 'aal' = 'aal2' or not exists (
      select 1 from auth.mfa_factors f where f.user_id = (select auth.uid()) and f.status = 'verified'))
$$;
comment on function private.session_is_trusted() is
  'The caller signed in by password through our own function, the session still stands, and a second factor was given where one exists. '
  'Definer: sessions are not the caller''s to read.';

create function private.me() returns uuid
language sql stable security definer set search_path = ''
as $$
  select a.id from public.accounts a
  where a.id = (select auth.uid()) and a.status = 'active' and private.session_is_trusted()
$$;
comment on function private.me() is
  'The one gate of every policy and function: the caller''s account if it is active and the session trusted, else null. Definer: see session_is_trusted.';

create function private.my_mailboxes() returns setof uuid
language sql stable security definer set search_path = ''
as $$ select distinct m.mailbox_id from public.mailbox_members m where m.account_id = private.me() $$;
comment on function private.my_mailboxes() is 'Mailboxes that the caller is a member of. Definer: used inside policies, which would recurse.';

grant execute on function private.session_is_trusted(), private.me(), private.my_mailboxes() to authenticated;

create policy "people see their own account" on public.accounts for select to authenticated
  using (id = (select private.me()));
grant select (id, address, display_name, kind, status, public_key, key_version, attestation, wrapped_key, phrase, created_at, activated_at)
  on public.accounts to authenticated;

create policy "members see their mailboxes" on public.mailboxes for select to authenticated
  using (id in (select private.my_mailboxes()));
grant select on public.mailboxes to authenticated;

create policy "members see their own sealed mailbox key" on public.mailbox_members for select to authenticated
  using (account_id = (select private.me()));
grant select on public.mailbox_members to authenticated;
