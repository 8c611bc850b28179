-- Whether a number is in E.164, the form in which numbers are compared, texted and called: what the checks of the tables demand. As
-- private.clock() it is planned as part of the statement that asks it.
create or replace function private.is_e164(number text) returns boolean
language sql
immutable
parallel safe
return number ~ '^\+[1-9][0-9]{6,14}$';

revoke execute on function private.is_e164(text) from public;
grant execute on function private.is_e164(text) to frontdesk_app;
