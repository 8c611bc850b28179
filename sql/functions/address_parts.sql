-- The parts of an address, as callers and dashboards write it, in one spelling: `number` and `street` with `suffix`, `pre` and `post`
-- (private.street_parts()), `unit`, `floor`, `building`, `box`, `area` (a colonia), `city`, `state` and `postal_code`, as far as they are
-- given. Where a number or the name of a street is missing there is only `text`: the words, in the order of the alphabet, since
-- a crossing of two streets is said both ways. Null without a word.
--
-- The order is free: "640 Dewdney Road, unit 170", "Unit 170, 640 Dewdney Rd", "Calle Olmo 12, interior 3". This is the only reader of
-- addresses that says which are the same; private.is_same_address() compares what it returns.
create or replace function private.address_parts(address text) returns jsonb
language plpgsql
immutable
strict
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    suffixes constant jsonb := private.address_words() -> 'suffix';
    strong constant jsonb := private.address_words() -> 'strong';
    spanish constant jsonb := private.address_words() -> 'spanish';
    units constant jsonb := private.address_words() -> 'unit';
    routes constant jsonb := private.address_words() -> 'route';
    states constant jsonb := private.address_words() -> 'state';
    remarks constant jsonb := private.address_words() -> 'remark';
    fillers constant jsonb := private.address_words() -> 'filler';
    areas constant jsonb := private.address_words() -> 'area';
    months constant jsonb := private.address_words() -> 'month';
    tokens constant text[] := private.address_tokens(address);
    -- What is left when the parts that say what they are have been taken out; "#4" stands for a number that may be either.
    plain text[] := '{}';
    parts jsonb := '{}';
    token text;
    value text;
    kind text;
    count constant integer := coalesce(cardinality(tokens), 0);
    place integer := 1;
    ahead integer;
    number integer;
    marked integer;
    first integer;
    last integer;
    before text[];
    after text[];
    street jsonb;
    city text[] := '{}';
begin
    if count = 0 then
        return null;
    end if;
    while place <= count loop
        token := tokens[place];
        -- The word behind this one, without what may stand between a unit or a route and its number.
        ahead := place + 1;
        while tokens[ahead] in ('#', '-', 'no', 'num', 'number', 'numero') loop
            ahead := ahead + 1;
        end loop;
        value := tokens[ahead];
        if token = '-' then
            value := plain[cardinality(plain)];
            if value ~ '^\d+$' and tokens[place + 1] ~ '^[a-z]$' then
                plain[cardinality(plain)] := value || tokens[place + 1];
                place := place + 1;
            elsif value ~ '^\d{5}$' and tokens[place + 1] ~ '^\d{4}$' and cardinality(plain) > 1 then
                place := place + 1;
            elsif value ~ '^\d+$' and tokens[place + 1] ~ '^\d+[a-z]?$' then
                if value ~ '^\d{2,3}$' and tokens[place + 1] ~ '^\d{2}$' then
                    -- "37-06 74th Street", as in Queens.
                    plain[cardinality(plain)] := value || tokens[place + 1];
                else
                    -- "170-640 Dewdney Road", as in Canada: the unit comes first.
                    parts := jsonb_build_object('unit', value) || parts;
                    plain[cardinality(plain)] := tokens[place + 1];
                end if;
                place := place + 1;
            end if;
        elsif remarks ? token and cardinality(plain) > 1 and plain[cardinality(plain)] <> ',' and value !~ '^\d+$' then
            while place < count and tokens[place + 1] <> ',' loop
                place := place + 1;
            end loop;
        elsif units ? token and value ~ '^(?:\d+[a-z]{0,2}|\d+th|[a-z]|[a-z]\d+)$' and (token <> 'casa' or plain[1] is not null) then
            kind := units ->> token;
            place := ahead;
            if value ~ '^\d+$' and (
                tokens[place + 1] = '-' and tokens[place + 2] ~ '^[a-z]$'
                or tokens[place + 1] ~ '^[a-df-mo-rt-vx-z]$' and coalesce(tokens[place + 2], ',') = ','
            )
            then
                value := value || tokens[place + case when tokens[place + 1] = '-' then 2 else 1 end];
                place := place + case when tokens[place + 1] = '-' then 2 else 1 end;
            elsif value ~ '^[a-z]$' and tokens[place + 1] = '-' and tokens[place + 2] ~ '^\d+$' then
                value := value || tokens[place + 2];
                place := place + 2;
            elsif value ~ '^[a-z]$' and tokens[place + 1] ~ '^\d+$' and coalesce(tokens[place + 2], ',') = ',' then
                value := value || tokens[place + 1];
                place := place + 1;
            end if;
            value := regexp_replace(value, '^0+(?=\d)|th$', '', 'g');
            parts := parts || jsonb_build_object(kind, case when parts ? kind then (parts ->> kind) || ' ' else '' end || value);
        elsif token ~ '^\d+(?:th|o|a)$' and (units ->> tokens[place + 1]) = 'floor' then
            parts := parts || jsonb_build_object('floor', rtrim(token, 'thoa'));
            place := place + 1;
        elsif token in ('#', 'no', 'num', 'number', 'numero') and value ~ '^\d+[a-z]{0,2}$'
            or token = '#' and value ~ '^[a-z]\d*$'
        then
            plain := plain || ('#' || value);
            place := ahead;
        elsif token in ('#', 'no', 'num', 'number', 'numero', 'ext', 'exterior') and tokens[place + 1] in ('ext', 'exterior') then
            null;
        elsif token in ('ext', 'exterior') and value ~ '^\d+[a-z]?$' then
            plain := plain || ('#' || value);
            place := ahead;
        elsif routes ? token and value ~ '^\d+[a-z]?$' then
            while plain[cardinality(plain)] in ('us', 'state') loop
                plain := plain[:cardinality(plain) - 1];
            end loop;
            plain := plain || ((routes ->> token) || value);
            place := ahead;
        elsif token in ('road', 'rd', 'highway', 'hwy', 'route', 'rte')
            and plain[cardinality(plain)] in ('county', 'state') and value ~ '^\d+[a-z]?$'
        then
            plain[cardinality(plain)] := case plain[cardinality(plain)] when 'county' then 'countyroad' else 'highway' end || value;
            place := ahead;
        elsif areas ? token and tokens[place + 1] <> ','
            and (token = 'colonia' or plain[cardinality(plain)] = ',' or cardinality(plain) > 2)
        then
            value := '';
            while place < count and tokens[place + 1] <> ',' and tokens[place + 1] !~ '^\d{5}$' loop
                place := place + 1;
                value := value || tokens[place];
            end loop;
            parts := jsonb_build_object('area', value) || parts;
        elsif token = 'cp' and tokens[place + 1] ~ '^\d{4,5}$' then
            parts := parts || jsonb_build_object('postal_code', tokens[place + 1]);
            place := place + 1;
        elsif token ~ '^[a-z]\d[a-z]$' and tokens[place + 1] ~ '^\d[a-z]\d$' then
            parts := parts || jsonb_build_object('postal_code', token || tokens[place + 1]);
            place := place + 1;
        elsif token ~ '^[a-z]\d[a-z]\d[a-z]\d$' then
            parts := parts || jsonb_build_object('postal_code', token);
        elsif token ~ '^\d/\d$' and plain[cardinality(plain)] ~ '^\d+$' then
            plain[cardinality(plain)] := plain[cardinality(plain)] || ' ' || token;
        elsif token = 'mexico' and plain[cardinality(plain)] = ',' and tokens[place + 1] is null then
            null;
        elsif token <> '#' then
            plain := plain || token;
        end if;
        place := place + 1;
    end loop;

    -- A postal code is the last five figures, if they are not the number of the house.
    for place in reverse coalesce(cardinality(plain), 0) .. 2 loop
        if plain[place] ~ '^\d{5}(?:\d{4})?$' then
            if exists (select from unnest(plain[:place - 1]) as w (word) where w.word ~ '^#?\d') then
                parts := parts || jsonb_build_object('postal_code', left(plain[place], 5));
                plain := plain[:place - 1] || plain[place + 1:];
            end if;
            exit;
        end if;
    end loop;
    -- The number of the house: the first that is not the name of a street ("Calle 5", "5 de Mayo").
    for place in 1 .. coalesce(cardinality(plain), 0) loop
        if plain[place] ~ '^\d+(?: \d/\d|[a-z])?$'
            and not (
                coalesce(spanish ? plain[place - 1], false)
                and coalesce(plain[place - 2] = ',' or fillers ? plain[place - 2] or plain[place - 2] in ('la', 'el'), true)
            )
            and (plain[place + 1] = 'de' and months ? plain[place + 2]) is not true
        then
            number := place;
            exit;
        elsif marked is null and plain[place] ~ '^#\d' then
            marked := place;
        end if;
    end loop;
    number := coalesce(number, marked);
    if number is not null then
        first := number;
        while first > 1 and plain[first - 1] <> ',' loop
            first := first - 1;
        end loop;
        last := number;
        while last < cardinality(plain) and plain[last + 1] <> ',' loop
            last := last + 1;
        end loop;
        before := plain[first:number - 1];
        after := plain[number + 1:last];
        if first = last and last < cardinality(plain) and (first = 1 or not (spanish ? plain[1])) and first <= 2 then
            -- "20, Main Street"
            number := first;
            first := last + 2;
            last := first;
            while last < cardinality(plain) and plain[last + 1] <> ',' loop
                last := last + 1;
            end loop;
            after := plain[first:last];
        elsif first = last and first > 2 then
            -- "Avenida Juárez, 20"
            place := first - 2;
            while place > 1 and plain[place - 1] <> ',' loop
                place := place - 1;
            end loop;
            before := plain[place:first - 2];
        end if;
        while fillers ? before[1] loop
            before := before[2:];
        end loop;
        -- "queda en la calle Olmo 12"
        for place in 1 .. coalesce(cardinality(before), 0) loop
            if spanish ? before[place] and (fillers ? before[place - 1] or before[place - 1] in ('la', 'el')) then
                before := before[place:];
                exit;
            end if;
        end loop;
        value := ltrim(plain[number], '#');
        -- Other numbers that are marked are units.
        for place in 1 .. cardinality(plain) loop
            if place <> number and plain[place] ~ '^#' and not parts ? 'unit' then
                parts := parts || jsonb_build_object('unit', ltrim(plain[place], '#'));
            end if;
        end loop;
        before := array(select w.word from unnest(before) with ordinality as w (word, place) where w.word !~ '^#' order by w.place);
        after := array(select w.word from unnest(after) with ordinality as w (word, place) where w.word !~ '^#' order by w.place);
        -- "221 B Baker Street"
        if after[1] ~ '^[a-df-mo-rt-vx-z]$' and after[3] is not null and not suffixes ? after[2] then
            value := value || after[1];
            after := after[2:];
        end if;
        if after <> '{}' and (
            before = '{}'
            or not (spanish ? before[1])
            and exists (select from unnest(after) as w (word) where strong ? (suffixes ->> w.word) or w.word ~ '^\d+th$')
        )
        then
            street := private.street_parts(after);
            city := array(select jsonb_array_elements_text(street -> 'rest'));
        elsif before <> '{}' then
            street := private.street_parts(before);
            city := after;
            if city[1] ~ '^[a-df-mo-rt-vx-z]$' and cardinality(city) = 1 then
                -- "Calle Olmo 12 B"
                value := value || city[1];
                city := '{}';
            end if;
        end if;
    end if;
    if coalesce(street ->> 'street', '') = '' then
        return jsonb_build_object(
            'text',
            coalesce(
                (
                    select string_agg(coalesce(suffixes ->> w.word, w.word), ' ' order by coalesce(suffixes ->> w.word, w.word) collate "C")
                    from unnest(tokens) as w (word)
                    where w.word not in (',', '#', '-', 'the', 'corner', 'of', 'and', 'y', 'con', 'de', 'esquina')
                ),
                ''
            )
        );
    end if;
    parts := (street - 'rest') || parts || jsonb_build_object('number', regexp_replace(value, '^0+(?=\d)', ''));
    -- What follows the street is the city, then the state.
    plain := plain[last + 2:];
    place := 1;
    while place <= coalesce(cardinality(plain), 0) loop
        first := place;
        while place <= cardinality(plain) and plain[place] <> ',' loop
            place := place + 1;
        end loop;
        -- Marked numbers are units, and were taken out above.
        after := array(
            select w.word
            from unnest(plain[first:place - 1]) with ordinality as w (word, place)
            where w.word !~ '^#'
            order by w.place
        );
        place := place + 1;
        -- "20 Main St, 4B, Denver"
        if cardinality(after) = 1 and after[1] ~ '^(?:\d{1,4}[a-z]?|[a-z]\d{0,4})$' then
            parts := jsonb_build_object('unit', after[1]) || parts;
        elsif states ? array_to_string(after, '') and city <> '{}' then
            parts := parts || jsonb_build_object('state', states ->> array_to_string(after, ''));
        elsif city = '{}' then
            city := after;
        elsif states ? after[cardinality(after)] then
            parts := parts || jsonb_build_object('state', states ->> after[cardinality(after)]);
        end if;
    end loop;
    return parts || private.city_parts(city);
end
$$;

revoke execute on function private.address_parts(text) from public;
grant execute on function private.address_parts(text) to frontdesk_app;
