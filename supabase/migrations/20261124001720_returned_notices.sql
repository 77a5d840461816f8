-- Who may do what: the gateway tells by `private.notice_returned` what came back to the address of a notice; nobody else does.

alter table public.notices add column explained_at timestamptz;
comment on column public.notices.explained_at is 'When somebody who answered the notice by mail was last told how to answer.';

create function private.notice_bounced(p_notice public.notices, p_detail text) returns void
language sql security definer set search_path = ''
as $$
  update public.notices set state = 'bounced', claimed_until = null, last_error = left(p_detail, 500) where id = p_notice.id;
  update public.deliveries set bounced_at = coalesce(bounced_at, now()) where id = p_notice.delivery_id;
  insert into public.receipts (delivery_id, message_id, kind)
  select d.id, d.message_id, 'bounced' from public.deliveries d where d.id = p_notice.delivery_id;
$$;
comment on function private.notice_bounced(public.notices, text) is 'Marks a notice and its delivery as bounced. Definer: see gateway_config.';

create function private.notice_returned(p_token uuid, p_kind text, p_detail text, p_sender text, p_letters jsonb) returns text
language plpgsql security definer set search_path = ''
as $$
declare
  v_notice public.notices;
begin
  select * into v_notice from public.notices n where n.token = p_token for update;
  if not found then
    return 'unknown';
  end if;
  case p_kind
    when 'bounce' then
      -- the bounce may overtake the answer to the notice itself
      if v_notice.state = 'sent' or (v_notice.state = 'due' and v_notice.attempts > 0) then
        perform private.notice_bounced(v_notice, p_detail);
      end if;
      return 'bounced';
    when 'reply' then
      if v_notice.address <> p_sender or v_notice.explained_at > now() - interval '1 day' then
        return 'unanswered';
      end if;
      update public.notices n set explained_at = now() where n.id = v_notice.id;
      perform private.add_letters(p_letters);
      return 'explained';
    else
      raise exception 'What comes back is a bounce or a reply.' using errcode = '22023';
  end case;
end $$;
comment on function private.notice_returned(uuid, text, text, text, jsonb) is
  'A bounce marks the notice and its delivery, once. A reply of the notice''s own recipient is answered once a day. '
  'Gives bounced, explained, unanswered or unknown. Definer: see gateway_config.';
grant execute on function private.notice_returned(uuid, text, text, text, jsonb) to sealpost_gateway;
