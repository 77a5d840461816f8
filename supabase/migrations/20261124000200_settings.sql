-- Who may do what: administrators edit settings, domains and definitions in the dashboard; the gateway reads them by
-- `private.gateway_config`; nobody else sees them.

create table public.definitions (
  name text primary key
    constraint "a definition's name is short and no option of the tag"
    check (name ~ '^[a-z0-9][a-z0-9-]{0,39}$' and name !~ '^[0-9]+[hd]$'
      and name not in ('no-print', 'no-reply', 'no-reply-all', 'no-download', 'receipt', 'once', 'watermark', 'secure')),
  description text not null default '',
  expire_after interval
    constraint "a message lives between a minute and ten years"
    check (expire_after between interval '1 minute' and interval '3660 days'),
  allow_print boolean not null default true,
  allow_reply boolean not null default true,
  allow_reply_all boolean not null default true,
  allow_download boolean not null default true,
  read_receipt boolean not null default false,
  watermark boolean not null default false,
  view_limit integer
    constraint "a view limit is at least one" check (view_limit >= 1),
  online_only boolean not null default false,
  seal_for_everybody boolean not null default false,
  tell_sender_secured boolean not null default false,
  label uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index "a label belongs to one definition" on public.definitions (label) where label is not null;
alter table public.definitions enable row level security;
alter table public.definitions force row level security;
revoke all on public.definitions from anon, authenticated, service_role;
comment on table public.definitions is 'Sets of controls that a policy or a sender''s tag gives to a message, such as [secure board-papers].';
comment on column public.definitions.name is 'What senders write inside the tag.';
comment on column public.definitions.expire_after is 'How long a message can be read; empty: as long as settings.maximum_life allows.';
comment on column public.definitions.allow_print is 'Recipients may print.';
comment on column public.definitions.allow_reply is 'Recipients may answer the sender in the portal.';
comment on column public.definitions.allow_reply_all is 'Recipients may answer everybody in the portal.';
comment on column public.definitions.allow_download is 'Recipients may save attachments.';
comment on column public.definitions.read_receipt is 'The sender gets a mail when a recipient opens the message.';
comment on column public.definitions.watermark is 'The reader''s address is shown across the message.';
comment on column public.definitions.view_limit is 'How often each recipient may open the message; empty: as often as wanted.';
comment on column public.definitions.online_only is 'No offline copy: the message opens only with a connection.';
comment on column public.definitions.seal_for_everybody is 'Internal recipients too read it in the portal, instead of getting ordinary mail.';
comment on column public.definitions.tell_sender_secured is 'The sender gets a mail that says that the message was secured, why, and where to track it.';
comment on column public.definitions.label is 'A mail with this sensitivity label (the GUID in msip_labels) is secured under this definition, without a policy; empty: none.';
comment on column public.definitions.description is 'For administrators.';

insert into public.definitions (name, description, expire_after) values
  ('1-day', 'Readable for one day.', interval '1 day'),
  ('7-days', 'Readable for seven days.', interval '7 days'),
  ('30-days', 'Readable for thirty days. What [secure] alone means.', interval '30 days'),
  ('never-expires', 'Readable as long as the organisation''s maximum life allows.', null);

create table public.settings (
  only_row boolean primary key default true constraint "there is one row of settings" check (only_row),
  organisation_name text not null default 'Sealpost'
    constraint "the organisation's name is one line of 1 to 80 characters" check (organisation_name ~ '^[^\n\r]{1,80}$'),
  default_definition text not null default '30-days' references public.definitions (name),
  confidential_definition text references public.definitions (name) on update cascade,
  review_time interval not null default interval '7 days'
    constraint "reviewers have between an hour and 30 days" check (review_time between interval '1 hour' and interval '30 days'),
  maximum_life interval default interval '365 days'
    constraint "the maximum life is at least a day" check (maximum_life >= interval '1 day'),
  recall_window interval not null default interval '24 hours'
    constraint "a recall can be undone for 0 to 30 days" check (recall_window between interval '0' and interval '30 days'),
  temporary_password_life interval not null default interval '7 days'
    constraint "a temporary password lives between an hour and 30 days"
    check (temporary_password_life between interval '1 hour' and interval '30 days'),
  inline_attachment_bytes integer not null default 262144
    constraint "attachments beside the message have 0 to 1 MiB" check (inline_attachment_bytes between 0 and 1048576),
  updated_at timestamptz not null default now()
);
alter table public.settings enable row level security;
alter table public.settings force row level security;
revoke all on public.settings from anon, authenticated, service_role;
comment on table public.settings is 'The deployment''s settings: one row.';
comment on column public.settings.organisation_name is 'As notices and the portal name the organisation.';
comment on column public.settings.default_definition is 'The definition of [secure] without a name.';
comment on column public.settings.confidential_definition is 'Mail that Outlook marked Company-Confidential is secured under this definition, without a policy; empty: the mark means nothing.';
comment on column public.settings.review_time is 'How long a held mail waits for its reviewers; then it goes back to its sender.';
comment on column public.settings.maximum_life is 'The longest that any message may be readable, later extensions included; empty: no limit.';
comment on column public.settings.recall_window is 'How long a recall can be undone; then the keys are deleted.';
comment on column public.settings.temporary_password_life is 'How long a temporary password works.';
comment on column public.settings.inline_attachment_bytes is 'Encrypted attachments up to this size lie beside the message, larger ones in Storage.';
insert into public.settings default values;

create table public.domains (
  domain text primary key
    constraint "a domain is lower-case ASCII, like acme.example"
    check (domain ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$'),
  created_at timestamptz not null default now()
);
alter table public.domains enable row level security;
alter table public.domains force row level security;
revoke all on public.domains from anon, authenticated, service_role;
comment on table public.domains is 'The organisation''s own mail domains: their addresses are internal, all others external.';
comment on column public.domains.domain is 'ASCII form (xn--… for international names).';

create function private.touch_updated_at() returns trigger
language plpgsql set search_path = ''
as $$ begin new.updated_at := now(); return new; end $$;
comment on function private.touch_updated_at() is 'Keeps updated_at true.';
create trigger touch before update on public.definitions for each row execute function private.touch_updated_at();
create trigger touch before update on public.settings for each row execute function private.touch_updated_at();
