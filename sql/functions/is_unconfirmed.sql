-- Whether this transaction has found that an appointment waits for linked calendars, or made it wait: whoever knows says so with
-- `frontdesk.unconfirmed`. An expression, which costs less than a statement: few appointments wait, and every booking asks.
create or replace function private.is_unconfirmed(appointment uuid) returns boolean
language sql
stable
return coalesce(current_setting('frontdesk.unconfirmed', true) = appointment::text, false);

revoke execute on function private.is_unconfirmed(uuid) from public;
grant execute on function private.is_unconfirmed(uuid) to frontdesk_app;
