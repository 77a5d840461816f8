-- Who may do what: the gateway adds verdicts by `private.add_verdicts` and `private.store_message`; administrators read them,
-- best by the view message_log. Nobody else sees them.

create type public.verdict_kind as enum ('secured', 'held', 'refused', 'relayed');

create table public.verdicts (
  id uuid primary key default gen_random_uuid(),
  at timestamptz not null default now(),
  verdict public.verdict_kind not null,
  dry_run boolean not null default false,
  because text not null,
  policy text,
  component text,
  score integer,
  sender text not null,
  recipients text[] not null,
  message_id uuid references public.messages (id) on delete cascade,
  constraint "a verdict because of a policy names it" check (because <> 'policy' or policy is not null)
);
create index "verdicts by time" on public.verdicts (at);
create index "verdicts of a message" on public.verdicts (message_id) where message_id is not null;
alter table public.verdicts enable row level security;
alter table public.verdicts force row level security;
revoke all on public.verdicts from anon, authenticated, service_role;
create policy "nobody sees verdicts through the API" on public.verdicts for select to authenticated using (false);
comment on table public.verdicts is 'What was decided about each secured, held and refused mail, and why. Append-only; never content, nor the words that matched.';
comment on column public.verdicts.dry_run is 'What a policy on trial would have done.';
comment on column public.verdicts.because is 'policy, tag, thread, label, confidential, bad-tag or unscannable.';
comment on column public.verdicts.component is 'Where a policy found what it looks for: subject and headers, body, or the number of an attachment.';
comment on column public.verdicts.score is 'What the policy''s dictionary scored there.';
comment on column public.verdicts.message_id is 'The message that was stored; empty for mail that was not secured.';
create trigger "verdicts are append-only" before update on public.verdicts for each row execute function private.refuse_change();

create function private.add_verdicts(p jsonb, p_message uuid) returns void
language sql security definer set search_path = ''
as $$
  insert into public.verdicts (verdict, dry_run, because, policy, component, score, sender, recipients, message_id)
  select (v ->> 'verdict')::public.verdict_kind, (v ->> 'dry_run')::boolean, v ->> 'because', v ->> 'policy', v ->> 'component',
    (v ->> 'score')::integer, v ->> 'sender', array(select jsonb_array_elements_text(v -> 'recipients')), p_message
  from jsonb_array_elements(p) v
$$;
comment on function private.add_verdicts(jsonb, uuid) is 'Logs verdicts about one mail, of the message that was stored for it or of none. Definer: see gateway_config.';
grant execute on function private.add_verdicts(jsonb, uuid) to sealpost_gateway;

create view public.message_log with (security_invoker = true) as
select m.created_at as at, 'secured'::public.verdict_kind as verdict, false as dry_run, m.owner_address as sender, d.address as recipient,
  m.because, v.policy, v.component, v.score, m.id as message_id, d.kind, d.channel, m.definition, m.size_bytes, m.attachment_count,
  d.stored_at, d.notified_at, d.bounced_at, d.delivered_at, d.first_opened_at, d.last_opened_at, d.open_count, m.expires_at,
  coalesce(d.recalled_at, m.recalled_at) as recalled_at, m.content_removed_at
from public.messages m
join public.deliveries d on d.message_id = m.id and d.kind not in ('sender', 'review')
left join public.verdicts v on v.message_id = m.id and not v.dry_run
union all
select v.at, v.verdict, v.dry_run, v.sender, r.recipient, v.because, v.policy, v.component, v.score, v.message_id, null, null, null, null,
  null, null, null, null, null, null, null, null, null, null, null
from public.verdicts v cross join unnest(v.recipients) r (recipient)
where v.message_id is null or v.dry_run;
revoke all on public.message_log from anon, authenticated, service_role;
comment on view public.message_log is 'Each mail''s verdict and each secured message''s life, a row per recipient, for administrators: policy, component and score, never content.';
