-- The time zone of an organization that has named none: the default of organizations.timezone. As private.clock() it is planned as part of
-- the statement that asks it.
create or replace function private.time_zone(named text) returns text
language sql
immutable
parallel safe
return coalesce(named, 'America/New_York');

revoke execute on function private.time_zone(text) from public;
grant execute on function private.time_zone(text) to frontdesk_app;
