-- Who may do what: the gateway holds mail by `private.hold_mail`, claims what is decided, and finishes it; reviewers see what they
-- review by `held_mail` and decide by `decide_held`; administrators set held_mails.decision in the dashboard, unseen. Nobody
-- reads the content but the gateway and, in their own sealed copy, the reviewers.

create type public.held_decision as enum ('release', 'refuse');
create type public.held_state as enum ('waiting', 'released', 'refused', 'returned');

create table public.held_mails (
  id uuid primary key,
  mail_mac bytea not null constraint "a held mail's MAC is 32 bytes" check (length(mail_mac) = 32),
  sender text not null,
  recipients text[] not null constraint "a held mail has recipients" check (cardinality(recipients) > 0),
  policy text not null,
  component text,
  score integer,
  release_definition text,
  envelope jsonb not null,
  content bytea,
  review_message uuid references public.messages (id) on delete set null,
  decision public.held_decision,
  words text
    constraint "words for the sender are at most 300 characters in one line" check (words !~ '[\n\r]' and length(words) <= 300),
  decided_by text,
  decided_at timestamptz,
  state public.held_state not null default 'waiting',
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  claimed_until timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  decide_by timestamptz not null,
  finished_at timestamptz,
  constraint "a mail that waits has its content" check (state <> 'waiting' or content is not null)
);
alter table public.held_mails alter column content set storage external;
create unique index "a mail waits for review once" on public.held_mails (mail_mac) where state = 'waiting';
create index "held parts of one mail" on public.held_mails (mail_mac);
create index "held mails that are decided" on public.held_mails (due_at) where state = 'waiting' and decision is not null;
create index "held mails by their time" on public.held_mails (decide_by) where state = 'waiting';
create index "the held mail of a review copy" on public.held_mails (review_message) where review_message is not null;
alter table public.held_mails enable row level security;
alter table public.held_mails force row level security;
revoke all on public.held_mails from anon, authenticated, service_role;
create policy "nobody sees held mails through the API" on public.held_mails for select to authenticated using (false);
comment on table public.held_mails is 'Mail that a policy holds until somebody decides. Set decision to release or refuse it; the gateway does the rest within seconds.';
comment on column public.held_mails.component is 'Where the policy found what it looks for; empty: its addresses alone.';
comment on column public.held_mails.release_definition is 'The definition under which the policies secure it when it is released; empty: it goes out as its tag says.';
comment on column public.held_mails.envelope is 'How it arrived: client and SMTP extensions, for its Received line.';
comment on column public.held_mails.content is 'The whole mail, sealed to the gateway''s key; deleted once it is finished.';
comment on column public.held_mails.review_message is 'The sealed copy that the reviewers read.';
comment on column public.held_mails.decision is 'Set to release or refuse. Can be changed until the gateway has acted on it.';
comment on column public.held_mails.words is 'What the sender is told with a refusal.';
comment on column public.held_mails.decided_by is 'A reviewer''s address, or administrator.';
comment on column public.held_mails.last_error is 'Why a release has to be tried again.';
comment on column public.held_mails.decide_by is 'Undecided until then it goes back to its sender (settings.review_time).';

create function private.on_held_decision() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if old.state <> 'waiting' then
    raise exception 'This mail was % already: there is nothing left to decide.', old.state using errcode = '23514';
  end if;
  new.decided_at := case when new.decision is not null then now() end;
  new.decided_by := case when new.decision is not null
    then coalesce((select a.address from public.accounts a where a.id = private.me()), 'administrator') end;
  new.due_at := now();
  perform private.audit(coalesce(new.decided_by, 'administrator'), 'decided about a held mail', new.id::text,
    jsonb_build_object('decision', new.decision, 'policy', new.policy));
  return new;
end $$;
comment on function private.on_held_decision() is 'Notes who decided about a held mail, and makes it due. Definer: reviewers read no accounts and write no audit log.';
create trigger "a decision has its author" before update of decision on public.held_mails
  for each row when (old.decision is distinct from new.decision) execute function private.on_held_decision();

create function private.hold_mail(p jsonb, p_content bytea, p_header bytea, p_body bytea, p_inline bytea) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  h jsonb := p -> 'held';
  v_mac bytea := private.unb64(h ->> 'mail_mac');
  v_recipients text[] := array(select jsonb_array_elements_text(h -> 'recipients'));
  v_waiting uuid;
begin
  perform pg_advisory_xact_lock(('x' || encode(substring(v_mac from 1 for 8), 'hex'))::bit(64)::bigint);
  if v_recipients <@ coalesce((select array_agg(r) from public.held_mails e, unnest(e.recipients) r where e.mail_mac = v_mac), '{}') then
    return jsonb_build_object('kind', 'duplicate');
  end if;
  perform private.add_verdicts(p -> 'verdicts', null);
  update public.held_mails e set recipients = array(select distinct r from unnest(e.recipients || v_recipients) r order by r)
    where e.mail_mac = v_mac and e.state = 'waiting' and e.decision is null returning e.id into v_waiting;
  if found then
    return jsonb_build_object('kind', 'held');
  end if;
  if jsonb_array_length(p -> 'deliveries') > 0 then
    perform private.store_message(p - 'held' - 'verdicts' - 'letters', p_header, p_body, p_inline, null);
  end if;
  insert into public.held_mails (id, mail_mac, sender, recipients, policy, component, score, release_definition, envelope, content,
    review_message, decide_by)
  values ((h ->> 'id')::uuid, v_mac, h ->> 'sender', v_recipients, h ->> 'policy', h ->> 'component', (h ->> 'score')::integer,
    h ->> 'release_definition', h -> 'envelope', p_content,
    case when jsonb_array_length(p -> 'deliveries') > 0 then (p -> 'message' ->> 'id')::uuid end, private.from_ms(h ->> 'decide_by_ms'));
  perform private.add_letters(p -> 'letters');
  return jsonb_build_object('kind', 'held');
end $$;
comment on function private.hold_mail(jsonb, bytea, bytea, bytea, bytea) is
  'Holds one mail in one transaction: its sealed content, the review copy with its deliveries, verdicts, and the letter to the sender. A '
  'retry is a duplicate; another part of a split mail joins the one that waits. Definer: see gateway_config.';

create function private.claim_held_mails(p_most integer, p_lease_seconds integer) returns jsonb
language sql security definer set search_path = ''
as $$
  with claimed as (
    update public.held_mails h set claimed_until = now() + p_lease_seconds * interval '1 second', attempts = h.attempts + 1
    where h.id in (select q.id from public.held_mails q
      where q.state = 'waiting' and q.due_at <= now() and (q.decision is not null or q.decide_by <= now())
        and (q.claimed_until is null or q.claimed_until < now())
      order by q.due_at limit p_most for update skip locked)
    returning h.*)
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'sender', c.sender, 'recipients', c.recipients, 'policy', c.policy,
    'release_definition', c.release_definition, 'envelope', c.envelope, 'decision', c.decision, 'words', c.words,
    'attempts', c.attempts)), '[]') from claimed c
$$;
comment on function private.claim_held_mails(integer, integer) is 'Claims held mails that are decided, or whose time is up, for a lease. Definer: see gateway_config.';

create function private.held_content(p_id uuid) returns bytea
language sql stable security definer set search_path = ''
as $$ select h.content from public.held_mails h where h.id = p_id and h.state = 'waiting' and h.claimed_until > now() $$;
comment on function private.held_content(uuid) is 'The sealed mail of a claimed held mail. Definer: see gateway_config.';

create function private.finish_held_mail(p jsonb, p_relay bytea) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  h public.held_mails;
begin
  update public.held_mails q set state = (p ->> 'state')::public.held_state, content = null, claimed_until = null, finished_at = now(),
    last_error = null
  where q.id = (p ->> 'id')::uuid and q.state = 'waiting' returning * into h;
  if not found then
    return false;
  end if;
  if jsonb_typeof(p -> 'relay') = 'object' then
    insert into public.relay_jobs (id, mail_mac, sender, recipients, content)
    values ((p -> 'relay' ->> 'id')::uuid, h.mail_mac, h.sender, h.recipients, p_relay);
  end if;
  update public.messages m set expires_at = greatest(now(), m.created_at + interval '1 millisecond')
    where m.id = h.review_message and (m.expires_at is null or m.expires_at > now());
  perform private.add_letters(p -> 'letters');
  return true;
end $$;
comment on function private.finish_held_mail(jsonb, bytea) is
  'Ends a held mail, once: its content goes, the review copy expires, the sender''s letter and what is relayed are queued; false if it has '
  'ended before. Definer: see gateway_config.';

create function private.retry_held_mail(p_id uuid, p_error text, p_seconds integer) returns void
language sql security definer set search_path = ''
as $$
  update public.held_mails h set claimed_until = null, last_error = p_error, due_at = now() + p_seconds * interval '1 second'
  where h.id = p_id and h.state = 'waiting'
$$;
comment on function private.retry_held_mail(uuid, text, integer) is 'Lets a held mail that could not be released now come again later. Definer: see gateway_config.';
grant execute on function private.hold_mail(jsonb, bytea, bytea, bytea, bytea), private.claim_held_mails(integer, integer),
  private.held_content(uuid), private.finish_held_mail(jsonb, bytea), private.retry_held_mail(uuid, text, integer) to sealpost_gateway;

create function private.held_mail(p_delivery uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('id', h.id, 'policy', h.policy, 'component', h.component, 'score', h.score, 'sender', h.sender,
    'recipients', h.recipients, 'secured_as', h.release_definition, 'state', h.state, 'decision', h.decision, 'words', h.words,
    'decided_by', h.decided_by, 'decided_at', h.decided_at, 'decide_by', h.decide_by, 'created_at', h.created_at)
  from public.deliveries d join public.held_mails h on h.review_message = d.message_id
  where d.id = p_delivery and d.kind = 'review' and d.mailbox_id in (select private.my_mailboxes())
$$;
comment on function private.held_mail(uuid) is 'What a reviewer decides about: rule, recipients, state; null for what is not theirs to review. Definer: see my_mailbox_keys.';

create function private.decide_held(p_delivery uuid, p_decision public.held_decision, p_words text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  h public.held_mails;
begin
  select q.* into h from public.deliveries d join public.held_mails q on q.review_message = d.message_id
    where d.id = p_delivery and d.kind = 'review' and d.mailbox_id in (select private.my_mailboxes())
    for update of q;
  if not found then
    return jsonb_build_object('kind', 'unknown');
  end if;
  if h.state <> 'waiting' or h.decision is not null then
    return jsonb_build_object('kind', 'decided-before', 'decision', h.decision, 'decided_by', h.decided_by, 'state', h.state);
  end if;
  update public.held_mails q set decision = p_decision,
    words = nullif(btrim(left(regexp_replace(p_words, '\s+', ' ', 'g'), 300)), '') where q.id = h.id;
  return jsonb_build_object('kind', 'decided', 'decision', p_decision);
end $$;
comment on function private.decide_held(uuid, public.held_decision, text) is
  'A reviewer releases or refuses a held mail; the first decision counts. Definer: nobody writes held mails but through functions.';

create function public.held_mail(p_delivery_id uuid) returns jsonb language sql stable set search_path = ''
as $$ select private.held_mail(p_delivery_id) $$;
create function public.decide_held(p_delivery_id uuid, p_decision public.held_decision, p_words text default null) returns jsonb
language sql set search_path = ''
as $$ select private.decide_held(p_delivery_id, p_decision, p_words) $$;
comment on function public.held_mail(uuid) is 'What a reviewer decides about; null for messages that are not for review.';
comment on function public.decide_held(uuid, public.held_decision, text) is 'Releases or refuses a held mail; words are told to the sender.';
grant execute on function private.held_mail(uuid), private.decide_held(uuid, public.held_decision, text), public.held_mail(uuid),
  public.decide_held(uuid, public.held_decision, text) to authenticated;
