-- Who may do what: administrators write policies, groups and dictionaries in the dashboard; the gateway reads them by
-- `private.gateway_policies` and marks what it cannot compile by `private.mark_policy_errors`; nobody else sees them.

create table public.groups (
  name text primary key
    constraint "a group's name is one line of 1 to 60 characters" check (name ~ '^[^\n\r]{1,60}$'),
  description text not null default '',
  created_at timestamptz not null default now()
);
alter table public.groups enable row level security;
alter table public.groups force row level security;
revoke all on public.groups from anon, authenticated, service_role;
comment on table public.groups is 'Sets of addresses and domains that policies name, such as "Board" or "Partner firms".';

create table public.group_members (
  group_name text not null references public.groups (name) on update cascade on delete cascade,
  member text not null
    constraint "a member is an address or domain in lower case, see the comment"
    check (member = lower(member) and member ~ '^([^@\s]+@)?\.?[a-z0-9-]+(\.[a-z0-9-]+)+$'),
  created_at timestamptz not null default now(),
  primary key (group_name, member)
);
alter table public.group_members enable row level security;
alter table public.group_members force row level security;
revoke all on public.group_members from anon, authenticated, service_role;
comment on table public.group_members is 'Who belongs to a group: an address or a domain a row.';
comment on column public.group_members.member is 'ann@acme.example, acme.example, or .acme.example for the domain with all of its subdomains.';

create type public.dictionary_scoring as enum ('each component', 'summed');

create table public.dictionaries (
  name text primary key
    constraint "a dictionary's name is one line of 1 to 60 characters" check (name ~ '^[^\n\r]{1,60}$'),
  description text not null default '',
  activation_score integer not null default 1
    constraint "an activation score is at least one" check (activation_score between 1 and 1000000),
  scoring public.dictionary_scoring not null default 'each component',
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.dictionaries enable row level security;
alter table public.dictionaries force row level security;
revoke all on public.dictionaries from anon, authenticated, service_role;
comment on table public.dictionaries is 'Word lists for content examination; their lines are dictionary_entries.';
comment on column public.dictionaries.activation_score is 'A policy that names the dictionary applies from this score on.';
comment on column public.dictionaries.scoring is 'each component: subject and headers, body, or one attachment must reach the score alone. summed: all together.';
comment on column public.dictionaries.error is 'Written by the gateway: why the dictionary cannot be used. The last good one stays in force.';

create table public.dictionary_entries (
  id bigint generated always as identity primary key,
  dictionary text not null references public.dictionaries (name) on update cascade on delete cascade,
  line text not null
    constraint "a line has no line break and at most 2000 characters" check (line !~ '[\n\r]' and length(line) <= 2000)
    constraint "a line is a # comment or begins with its weight, see the comment"
      check (line ~ '^\s*($|#|\d{1,6}(\s*:\s*\d{1,6})?[\s"\u201c-\u201e])')
);
create index "entries of a dictionary" on public.dictionary_entries (dictionary, id);
alter table public.dictionary_entries enable row level security;
alter table public.dictionary_entries force row level security;
revoke all on public.dictionary_entries from anon, authenticated, service_role;
comment on table public.dictionary_entries is 'One line of a dictionary a row, in the syntax that administrators know.';
comment on column public.dictionary_entries.line is 'weight[:maxscore] [required|exclude] [regex[,validator]] "text". Example: 5:10 regex,cardnumber "\b\d{13,19}\b"';

create type public.policy_party as enum ('anybody', 'internal', 'external', 'address', 'domain', 'group');
create type public.policy_part as enum ('envelope', 'header', 'both');
create type public.policy_action as enum ('secure', 'relay', 'hold', 'refuse');

create table public.policies (
  id uuid primary key default gen_random_uuid(),
  name text not null unique
    constraint "a policy's name is one line of 1 to 80 characters" check (name ~ '^[^\n\r]{1,80}$'),
  description text not null default '',
  position integer not null default 100,
  enabled boolean not null default true,
  dry_run boolean not null default false,
  valid_from timestamptz,
  valid_until timestamptz,
  from_kind public.policy_party not null default 'anybody',
  from_value text,
  from_part public.policy_part not null default 'envelope',
  to_kind public.policy_party not null default 'external',
  to_value text,
  to_part public.policy_part not null default 'envelope',
  except_from_kind public.policy_party,
  except_from_value text,
  except_to_kind public.policy_party,
  except_to_value text,
  source_range cidr,
  dictionary text references public.dictionaries (name) on update cascade,
  when_encrypted boolean not null default false,
  when_unscannable boolean not null default false,
  when_half_scanned boolean not null default false,
  when_confidential boolean not null default false,
  when_label uuid,
  action public.policy_action not null default 'secure',
  definition text references public.definitions (name) on update cascade,
  reviewers text references public.groups (name) on update cascade,
  tell_sender text
    constraint "words for the sender are at most 300 characters on one line" check (tell_sender !~ '[\n\r]' and length(tell_sender) between 1 and 300),
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint "a validity window ends after it begins" check (valid_until is null or valid_from is null or valid_until > valid_from),
  constraint "from_value goes with from_kind address, domain or group"
    check ((from_kind in ('address', 'domain', 'group')) = (from_value is not null)),
  constraint "to_value goes with to_kind address, domain or group"
    check ((to_kind in ('address', 'domain', 'group')) = (to_value is not null)),
  constraint "except_from_value goes with kind address, domain or group"
    check ((coalesce(except_from_kind in ('address', 'domain', 'group'), false)) = (except_from_value is not null)),
  constraint "except_to_value goes with kind address, domain or group"
    check ((coalesce(except_to_kind in ('address', 'domain', 'group'), false)) = (except_to_value is not null)),
  constraint "an exception for anybody is enabled = false instead"
    check (except_from_kind is distinct from 'anybody' and except_to_kind is distinct from 'anybody'),
  constraint "holding needs reviewers, a group whose members are addresses" check ((action = 'hold') = (reviewers is not null)),
  constraint "only securing and holding take a definition" check (definition is null or action in ('secure', 'hold'))
);
create index "policies in order" on public.policies (position, name) where enabled;
create index "policies of a dictionary" on public.policies (dictionary) where dictionary is not null;
alter table public.policies enable row level security;
alter table public.policies force row level security;
revoke all on public.policies from anon, authenticated, service_role;
comment on table public.policies is 'What happens to which mail, in order of position. A refusal outranks every other policy; then the first that applies decides. Never applied to mail from outside.';
comment on column public.policies.position is 'Lower comes first.';
comment on column public.policies.dry_run is 'The policy is judged and logged, but does nothing.';
comment on column public.policies.valid_from is 'Empty: from the beginning.';
comment on column public.policies.valid_until is 'Empty: for ever.';
comment on column public.policies.from_kind is 'Whose mail: anybody, or an address, a domain, or the members of a group (named in from_value).';
comment on column public.policies.from_part is 'Look at the envelope sender, the From header, or either of both.';
comment on column public.policies.to_kind is 'To whom: applies if at least one recipient matches.';
comment on column public.policies.to_part is 'Look at the envelope recipients, at To and Cc, or at either of both.';
comment on column public.policies.except_from_kind is 'Not for these senders ("take no action").';
comment on column public.policies.except_to_kind is 'Not if all matching recipients are among these.';
comment on column public.policies.source_range is 'Only mail from these client addresses, such as 10.0.0.0/8.';
comment on column public.policies.dictionary is 'Only if the mail reaches this dictionary''s activation score.';
comment on column public.policies.when_encrypted is 'Only (or also, with the other conditions) if a part is encrypted.';
comment on column public.policies.when_unscannable is 'Only (or also) if a part cannot be read.';
comment on column public.policies.when_half_scanned is 'Only (or also) if a part was too large to be read to its end.';
comment on column public.policies.when_confidential is 'Only (or also) if Outlook''s sensitivity is Company-Confidential.';
comment on column public.policies.when_label is 'Only (or also) if the sensitivity label (msip_labels) with this id is set.';
comment on column public.policies.definition is 'The definition of what is secured; empty: settings.default_definition. With hold: that of what is released; empty: as the other policies and the tag say.';
comment on column public.policies.reviewers is 'The group whose members read, release or refuse what is held.';
comment on column public.policies.tell_sender is 'What a refusal or hold says to the sender, how to mend it above all; the policy''s name follows.';
comment on column public.policies.error is 'Written by the gateway: why the policy cannot be used. The last good set stays in force.';

create function private.check_policy() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_party record;
begin
  for v_party in select * from (values ('from', new.from_kind, new.from_value), ('to', new.to_kind, new.to_value),
      ('except_from', new.except_from_kind, new.except_from_value), ('except_to', new.except_to_kind, new.except_to_value)) p (name, kind, value)
  loop
    if v_party.kind = 'group' and not exists (select 1 from public.groups g where g.name = v_party.value) then
      raise exception '%_value: there is no group named "%"; make it in groups first.', v_party.name, v_party.value using errcode = '23503';
    elsif v_party.kind = 'address' and v_party.value !~ '^[^@\s]+@[^@\s]+$' then
      raise exception '%_value: "%" is no address; write one such as ann@acme.example.', v_party.name, v_party.value using errcode = '23514';
    elsif v_party.kind = 'domain' and v_party.value !~ '^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$' then
      raise exception '%_value: "%" is no domain; write one such as acme.example, or .acme.example with its subdomains.', v_party.name, v_party.value using errcode = '23514';
    end if;
  end loop;
  if new.action = 'hold' and new.reviewers is not null and not exists (select 1 from public.group_members m where m.group_name = new.reviewers and m.member like '%@%') then
    raise exception 'reviewers: the group "%" has no member that is an address; add one in group_members first.', new.reviewers using errcode = '23514';
  end if;
  return new;
end $$;
comment on function private.check_policy() is 'Refuses what could never apply, with a sentence that says how to mend it.';
create trigger "a policy names what exists" before insert or update of from_kind, from_value, to_kind, to_value,
  except_from_kind, except_from_value, except_to_kind, except_to_value, action, reviewers on public.policies
  for each row execute function private.check_policy();
create trigger touch before update on public.dictionaries for each row execute function private.touch_updated_at();
create trigger touch before update on public.policies for each row execute function private.touch_updated_at();

create policy "nobody sees groups through the API" on public.groups for select to authenticated using (false);
create policy "nobody sees group members through the API" on public.group_members for select to authenticated using (false);
create policy "nobody sees dictionaries through the API" on public.dictionaries for select to authenticated using (false);
create policy "nobody sees dictionary entries through the API" on public.dictionary_entries for select to authenticated using (false);
create policy "nobody sees policies through the API" on public.policies for select to authenticated using (false);

create table private.policy_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 1
);
insert into private.policy_version default values;
comment on table private.policy_version is 'Counts edits of what the gateway judges by, so that it reads the rules only when they changed.';

create function private.bump_policy_version() returns trigger
language plpgsql security definer set search_path = ''
as $$ begin update private.policy_version set version = version + 1; return null; end $$;
comment on function private.bump_policy_version() is 'Tells gateways to read the rules again. Definer: internal table.';
create trigger "gateways hear of it" after insert or delete or update of id, name, position, enabled, dry_run, valid_from, valid_until,
  from_kind, from_value, from_part, to_kind, to_value, to_part, except_from_kind, except_from_value, except_to_kind, except_to_value,
  source_range, dictionary, when_encrypted, when_unscannable, when_half_scanned, when_confidential, when_label, action, definition,
  reviewers, tell_sender on public.policies
  for each statement execute function private.bump_policy_version();
create trigger "gateways hear of it" after insert or update or delete on public.groups
  for each statement execute function private.bump_policy_version();
create trigger "gateways hear of it" after insert or update or delete on public.group_members
  for each statement execute function private.bump_policy_version();
create trigger "gateways hear of it" after insert or delete or update of name, activation_score, scoring on public.dictionaries
  for each statement execute function private.bump_policy_version();
create trigger "gateways hear of it" after insert or update or delete on public.dictionary_entries
  for each statement execute function private.bump_policy_version();

create function private.policy_version() returns bigint
language sql stable security definer set search_path = ''
as $$ select version from private.policy_version $$;
comment on function private.policy_version() is 'Changes when policies, groups or dictionaries do. Definer: see gateway_config.';

create function private.policy_row(p public.policies) returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object('name', p.name, 'dry_run', p.dry_run, 'valid_from_ms', private.to_ms(p.valid_from),
    'valid_until_ms', private.to_ms(p.valid_until), 'from_kind', p.from_kind, 'from_value', p.from_value, 'from_part', p.from_part,
    'to_kind', p.to_kind, 'to_value', p.to_value, 'to_part', p.to_part, 'except_from_kind', p.except_from_kind,
    'except_from_value', p.except_from_value, 'except_to_kind', p.except_to_kind, 'except_to_value', p.except_to_value,
    'source_range', p.source_range, 'dictionary', p.dictionary, 'when_encrypted', p.when_encrypted,
    'when_unscannable', p.when_unscannable, 'when_half_scanned', p.when_half_scanned, 'when_confidential', p.when_confidential,
    'when_label', p.when_label, 'action', p.action, 'definition', p.definition, 'reviewers', p.reviewers, 'tell_sender', p.tell_sender)
$$;
comment on function private.policy_row(public.policies) is 'A policy as gateways read it: named fields, so that a new column does not stop an older gateway.';

create function private.gateway_policies() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'version', (select v.version from private.policy_version v),
    'groups', (select coalesce(jsonb_agg(jsonb_build_object('name', g.name, 'members',
        (select coalesce(jsonb_agg(m.member order by m.member), '[]') from public.group_members m where m.group_name = g.name))
        order by g.name), '[]') from public.groups g),
    'dictionaries', (select coalesce(jsonb_agg(jsonb_build_object('name', d.name, 'activation_score', d.activation_score,
      'scoring', d.scoring, 'lines', (select coalesce(jsonb_agg(jsonb_build_object('number', e.id, 'source', e.line) order by e.id), '[]')
        from public.dictionary_entries e where e.dictionary = d.name)) order by d.name), '[]') from public.dictionaries d
      where exists (select 1 from public.policies p where p.enabled and p.dictionary = d.name)),
    'policies', (select coalesce(jsonb_agg(private.policy_row(p) order by p.position, p.name), '[]')
      from public.policies p where p.enabled and (p.valid_until is null or p.valid_until > now())))
$$;
comment on function private.gateway_policies() is 'Policies in order, with the groups and dictionaries that they use. Definer: see gateway_config.';

create table private.good_policies (
  only_row boolean primary key default true check (only_row),
  version bigint not null,
  policies jsonb not null
);
insert into private.good_policies (version, policies) values (0, '{"version": 0, "groups": [], "dictionaries": [], "policies": []}');
comment on table private.good_policies is 'The last set that a gateway could compile, for gateways that start while the present one is wrong.';

create function private.good_policies() returns jsonb
language sql stable security definer set search_path = ''
as $$ select policies from private.good_policies $$;
comment on function private.good_policies() is 'The last set of policies that could be compiled, in the shape of gateway_policies. Definer: internal table.';

create function private.mark_policy_errors(p_version bigint, p_policies jsonb, p_dictionaries jsonb) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  perform 1 from private.policy_version v where v.version = p_version for update;
  if not found then
    return;
  end if;
  update public.policies p set error = p_policies ->> p.name where p.error is distinct from p_policies ->> p.name;
  update public.dictionaries d set error = p_dictionaries ->> d.name where d.error is distinct from p_dictionaries ->> d.name;
  if p_policies = '{}' and p_dictionaries = '{}' then
    update private.good_policies g set version = p_version, policies = private.gateway_policies() where g.version <> p_version;
  end if;
end $$;
comment on function private.mark_policy_errors(bigint, jsonb, jsonb) is
  'Marks the rows that a gateway could not compile with a sentence, and clears the others; keeps a set without errors as the last good one. '
  'Only for the version that it read. Definer: see gateway_config.';
grant execute on function private.policy_version(), private.gateway_policies(), private.good_policies(),
  private.mark_policy_errors(bigint, jsonb, jsonb) to sealpost_gateway;

create function private.import_dictionary(p_name text, p_text text) returns integer
language sql set search_path = ''
as $$
  with made as (insert into public.dictionaries (name) values (p_name) on conflict (name) do update set updated_at = now() returning name),
  gone as (delete from public.dictionary_entries where dictionary = p_name),
  added as (insert into public.dictionary_entries (dictionary, line)
    select m.name, l.line from made m, unnest(string_to_array(translate(p_text, E'\r\uFEFF', ''), E'\n')) with ordinality l (line, n)
    where l.line <> '' order by l.n returning 1)
  select count(*)::integer from added
$$;
comment on function private.import_dictionary(text, text) is
  'For the SQL editor: replaces a dictionary''s lines by those of a text file. A line that does not read is refused, and nothing is changed.';
