-- Who may do what: the gateway's machine account may insert an object that the gateway has reserved, and nothing else; a reader
-- may fetch the objects of messages that they have opened and may still read; the sweep (service_role) deletes.

insert into storage.buckets (id, name, public) values ('attachments', 'attachments', false) on conflict (id) do nothing;

create function private.may_upload(p_name text) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (select 1 from private.machine_accounts m where m.id = (select auth.uid()))
    and exists (select 1 from private.uploads u where u.object_name = p_name and u.attached_at is null
      and u.delete_after is null and u.reserved_at > now() - interval '1 hour')
$$;
comment on function private.may_upload(text) is 'The caller is the uploader and the gateway reserved this name. Definer: internal tables.';

create function private.may_download(p_name text) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (select 1 from public.attachments a
    where a.object_name = p_name and private.may_read(a.message_id) and exists (
      select 1 from public.deliveries d where d.message_id = a.message_id and d.mailbox_id in (select private.my_mailboxes())
        and (d.kind = 'sender' or d.open_count > 0)))
$$;
comment on function private.may_download(text) is 'The caller has opened the message that the object belongs to and may still read it. Definer: attachments are selectable by nobody.';
grant execute on function private.may_upload(text), private.may_download(text) to authenticated;

create policy "the uploader inserts what the gateway reserved" on storage.objects for insert to authenticated
  with check (bucket_id = 'attachments' and private.may_upload(name));
create policy "readers fetch attachments of messages they have opened" on storage.objects for select to authenticated
  using (bucket_id = 'attachments' and private.may_download(name));
