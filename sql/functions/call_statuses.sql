-- The states of a call in the order in which it goes through them, as Vapi names them in status-update.
create or replace function private.call_statuses() returns text[]
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
return array['scheduled', 'queued', 'ringing', 'in-progress', 'forwarding', 'ended'];

revoke execute on function private.call_statuses() from public;
grant execute on function private.call_statuses() to frontdesk_app;
