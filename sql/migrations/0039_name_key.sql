-- The same spelling as before, in plpgsql: a function in SQL that pins its search path is parsed and planned anew in every statement
-- that calls it, which took longer than the search for free time that it is part of. An index's function, so frozen like the index.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create or replace function private.name_key(name text) returns text
language plpgsql
immutable
strict
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return btrim(
        regexp_replace(
            translate(lower(normalize(name, nfc)), 'áàâäãåéèêëíìîïóòôöõúùûüñç', 'aaaaaaeeeeiiiiooooouuuunc'),
            '[^[:alnum:]]+', ' ', 'g'
        )
    );
end
$$;
