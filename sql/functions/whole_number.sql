-- A whole number within bounds, or the default.
create or replace function private.whole_number(value jsonb, lowest integer, highest integer, fallback integer)
returns integer
language sql
immutable
parallel safe
set search_path = ''
as $$
    select case
        when jsonb_typeof(value) <> 'number' then fallback
        when value::numeric <> trunc(value::numeric) then fallback
        when value::numeric between lowest and highest then value::numeric::integer
        else fallback
    end
$$;

revoke execute on function private.whole_number(jsonb, integer, integer, integer) from public;
