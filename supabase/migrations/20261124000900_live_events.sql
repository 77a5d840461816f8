-- Who may do what: triggers tell people's own channels that something changed: ids only, never content.

create function private.tell_account(p_account uuid, p_event text, p_payload jsonb) returns void
language sql security definer set search_path = ''
as $$ select realtime.send(p_payload, p_event, 'account:' || p_account::text, true) $$;
comment on function private.tell_account(uuid, text, jsonb) is 'Broadcasts to an account''s private channel. Definer: realtime.send inserts as its caller.';

create function private.tell_members(p_delivery public.deliveries) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_account uuid;
begin
  for v_account in
    select distinct m.account_id from public.mailbox_members m join public.accounts a on a.id = m.account_id
    where m.mailbox_id = p_delivery.mailbox_id and a.status = 'active'
  loop
    perform private.tell_account(v_account, 'delivery',
      jsonb_build_object('delivery_id', p_delivery.id, 'message_id', p_delivery.message_id));
  end loop;
end $$;
comment on function private.tell_members(public.deliveries) is 'Tells the members of a delivery''s mailbox that it is new or changed. Definer: members are not the writer''s to read.';

create function private.on_delivery_change() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_owner uuid;
begin
  perform private.tell_members(new);
  if tg_op = 'UPDATE' and new.kind not in ('sender', 'review')
    and (new.notified_at, new.bounced_at, new.delivered_at, new.open_count, new.recalled_at)
      is distinct from (old.notified_at, old.bounced_at, old.delivered_at, old.open_count, old.recalled_at) then
    select m.owner_account into v_owner from public.messages m join public.accounts a on a.id = m.owner_account
      where m.id = new.message_id and a.status = 'active';
    if found then
      perform private.tell_account(v_owner, 'receipt', jsonb_build_object('message_id', new.message_id, 'delivery_id', new.id));
    end if;
  end if;
  return null;
end $$;
comment on function private.on_delivery_change() is 'Live events for recipients and owner. Definer: see tell_account.';
create trigger "people hear of new deliveries" after insert on public.deliveries
  for each row execute function private.on_delivery_change();
create trigger "people hear of changed deliveries" after update on public.deliveries
  for each row when (old.* is distinct from new.*) execute function private.on_delivery_change();

create function private.on_message_change() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_delivery public.deliveries;
begin
  for v_delivery in select * from public.deliveries d where d.message_id = new.id and d.mailbox_id is not null loop
    perform private.tell_members(v_delivery);
  end loop;
  return null;
end $$;
comment on function private.on_message_change() is 'Live events when a message is recalled, or its expiry moves. Definer: see tell_account.';
create trigger "people hear of recalls and expiry changes" after update on public.messages
  for each row when ((old.recalled_at, old.expires_at, old.content_removed_at)
    is distinct from (new.recalled_at, new.expires_at, new.content_removed_at))
  execute function private.on_message_change();
