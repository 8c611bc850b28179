-- The English name of a weekday in lower case, as settings and contacts have it.
create or replace function private.weekday(day date) returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return (array['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])[
        extract(isodow from day)::integer
    ];
end
$$;

revoke execute on function private.weekday(date) from public;
grant execute on function private.weekday(date) to frontdesk_app;
