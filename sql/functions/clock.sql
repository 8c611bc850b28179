-- The only clock of the rules. The service says what time it is for a request (`frontdesk.now`), so that one request never
-- sees two times; without it the transaction's time counts. Its names are resolved where it is made, so that it needs no search path of
-- its own and is planned as part of the statement that asks it.
create or replace function private.clock() returns timestamptz
language sql
stable
return coalesce(nullif(current_setting('frontdesk.now', true), '')::timestamptz, now());

revoke execute on function private.clock() from public;
grant execute on function private.clock() to frontdesk_app;
