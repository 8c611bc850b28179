-- The role that a statement was sent as, also within a function that runs as its owner.
create or replace function private.caller() returns text
language sql
stable
return coalesce(nullif(current_setting('role', true), 'none'), session_user);

revoke execute on function private.caller() from public;
grant execute on function private.caller() to frontdesk_app;
