-- A whole number within bounds, or the default. In plpgsql, as its callers are: a function in SQL that pins its search path
-- is planned anew at each call, which took ten times as long as the search for free slots itself.
create or replace function private.whole_number(value jsonb, lowest integer, highest integer, fallback integer)
returns integer
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if value is null or jsonb_typeof(value) <> 'number' then
        return fallback;
    end if;
    if value::numeric between lowest and highest and value::numeric = trunc(value::numeric) then
        return value::numeric::integer;
    end if;
    return fallback;
end
$$;

revoke execute on function private.whole_number(jsonb, integer, integer, integer) from public;
grant execute on function private.whole_number(jsonb, integer, integer, integer) to frontdesk_app;
