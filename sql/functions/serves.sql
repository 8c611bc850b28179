-- Whether an organization comes to a postal code: always, unless it lists those that it comes to, each whole or as the beginning of
-- many ("802*"). Null when it depends on a code that is not known.
create or replace function private.serves(postal_codes jsonb, postal_code text) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if postal_codes is null then
        return true;
    end if;
    if postal_code is null then
        return null;
    end if;
    return exists (
        select from jsonb_array_elements_text(postal_codes) as c (code)
        where c.code = postal_code or right(c.code, 1) = '*' and starts_with(postal_code, left(c.code, -1))
    );
end
$$;

revoke execute on function private.serves(jsonb, text) from public;
grant execute on function private.serves(jsonb, text) to frontdesk_app;
