-- Whether the words of an address are only a part of one: the unit, the floor, the postal code, which door. They name no other place than the
-- address that was said before.
create or replace function private.is_part_of_address(said text) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    units constant jsonb := private.address_words() -> 'unit';
    states constant jsonb := private.address_words() -> 'state';
    fillers constant jsonb := private.address_words() -> 'filler';
    spots constant text[] := '{
        upstairs,downstairs,basement,back,front,rear,side,top,bottom,upper,lower,left,right,door,entrance,
        baja,alta,arriba,abajo,atras,sotano,puerta,entrada
    }';
    tokens constant text[] := array(
        select t.token
        from unnest(private.address_tokens(said)) with ordinality as t (token, place)
        where t.token not in (',', '#', '-', 'no', 'num', 'number', 'numero', 'and', 'y', 'la', 'el', 'de')
        order by t.place
    );
    last constant text := tokens[cardinality(tokens)];
begin
    -- "Denver, CO 80202" has no other number.
    if last ~ '^\d{5}$' and cardinality(tokens) <= 5 then
        return not exists (select from unnest(tokens[:cardinality(tokens) - 1]) as t (token) where t.token ~ '\d');
    end if;
    return private.address_parts(said) ? 'text'
    and not exists (
        select from unnest(tokens) as t (token)
        where
            not (units ? t.token or states ? t.token or fillers ? t.token or t.token = any (spots))
            and t.token !~ '^(?:\d+[a-z]{0,2}|\d+th|[a-z]\d*)$'
    )
    and exists (
        select from unnest(tokens) as t (token)
        where t.token ~ '\d' or t.token ~ '^[a-z]$' and units ? tokens[1] or t.token = any (spots)
    );
end
$$;

revoke execute on function private.is_part_of_address(text) from public;
grant execute on function private.is_part_of_address(text) to frontdesk_app;

-- What is known of an address once another is said of the same thing. Callers read one in pieces: "12 Elm Street", then "apartment 3", then
-- "Denver". A piece is added, the same address said more exactly counts, and another house takes its place.
create or replace function private.merged_address(known text, said text) returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    known_parts constant jsonb := private.address_parts(known);
    said_parts constant jsonb := private.address_parts(said);
    names_house constant boolean := said_parts ? 'number' and not private.is_part_of_address(said);
    knows_house constant boolean := known_parts ? 'number' and not private.is_part_of_address(known);
    is_same constant boolean := private.is_same_place(known_parts, said_parts);
    merged text := case when names_house then said else known end;
    piece text;
    unit jsonb;
begin
    if known_parts is null or said_parts is null then
        return coalesce(case when known_parts is null then said else known end, known);
    elsif names_house and knows_house and not is_same then
        return said;
    elsif is_same and known_parts @> said_parts then
        return known;
    elsif is_same and said_parts @> known_parts then
        return said;
    end if;
    foreach piece in array regexp_split_to_array(case when names_house then known else said end, '\s*[,;\n]\s*')
    loop
        -- The house is said already, and so may the unit be: "apt 3" is "apartment 3".
        unit := private.address_parts('1 Main Street, ' || piece) - '{number,street,suffix,city}'::text[];
        if
            not (is_same and private.address_parts(piece) ? 'number')
            and not private.address_tokens(piece) <@ private.address_tokens(merged)
            and not (private.is_part_of_address(piece) and unit <> '{}' and private.address_parts(merged) @> unit)
        then
            merged := merged || ', ' || piece;
        end if;
    end loop;
    if is_same and known_parts ? 'unit' and not private.address_parts(merged) ? 'unit' then
        merged := merged || ', #' || (known_parts ->> 'unit');
    end if;
    return left(merged, 1000);
end
$$;

revoke execute on function private.merged_address(text, text) from public;
grant execute on function private.merged_address(text, text) to frontdesk_app;
