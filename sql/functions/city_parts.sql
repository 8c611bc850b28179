-- The parts of what follows a street: `city`, and the `state` behind it. "New York" and "Washington" alone are cities.
create or replace function private.city_parts(words text[]) returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    suffixes constant jsonb := private.address_words() -> 'suffix';
    states constant jsonb := private.address_words() -> 'state';
    fillers constant jsonb := private.address_words() -> 'filler';
    named text[] := coalesce(words, '{}');
    parts jsonb := '{}';
    ending text;
    name text := '';
begin
    while fillers ? named[cardinality(named)] and cardinality(named) > 1 loop
        named := named[:cardinality(named) - 1];
    end loop;
    for amount in reverse 3 .. 1 loop
        ending := array_to_string(named[cardinality(named) - amount + 1:], '');
        if cardinality(named) >= amount and states ? ending
            and (cardinality(named) > amount or ending not in ('newyork', 'washington'))
        then
            parts := jsonb_build_object('state', states ->> ending);
            named := named[:cardinality(named) - amount];
            exit;
        end if;
    end loop;
    while fillers ? named[1] or named[1] in ('city', 'ciudad', 'of', 'de') loop
        named := named[2:];
    end loop;
    for place in 1 .. cardinality(named) loop
        name := name || case when named[place] = 'st' then 'saint' else coalesce(suffixes ->> named[place], named[place]) end;
    end loop;
    return case when name = '' then parts else parts || jsonb_build_object('city', name) end;
end
$$;

revoke execute on function private.city_parts(text[]) from public;
grant execute on function private.city_parts(text[]) to frontdesk_app;
