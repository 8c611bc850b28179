-- The English name of a weekday in lower case, as settings and contacts have it.
create or replace function private.weekday(day date) returns text
language sql
immutable
parallel safe
set search_path = ''
return (array['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])[extract(isodow from day)::int];

revoke execute on function private.weekday(date) from public;
