-- Who may do what: a person may listen on the channel of their own account, and nobody may send on any.
-- Should a hosted project refuse this statement, docs/operations.md has it for the dashboard's SQL editor.

create policy "people listen to their own account's channel" on realtime.messages for select to authenticated
  using (extension = 'broadcast' and (select realtime.topic()) = 'account:' || (select private.me())::text);
