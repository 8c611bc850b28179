-- The parts of a street as it stands beside the number of the house: `street`, the name without its kind, `suffix`, the kind, `pre` and
-- `post`, directions before and after the name, `unit`, where one follows without being called so, and `rest`, the words that follow.
--
-- The name is written without blanks ("Lake View" is "Lakeview"), with its abbreviations spelled out and without "de" and "the".
create or replace function private.street_parts(words text[]) returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    suffixes constant jsonb := private.address_words() -> 'suffix';
    strong constant jsonb := private.address_words() -> 'strong';
    spanish constant jsonb := private.address_words() -> 'spanish';
    directions constant jsonb := private.address_words() -> 'direction';
    states constant jsonb := private.address_words() -> 'state';
    parts jsonb := '{}';
    named text[] := words;
    rest text[] := '{}';
    kind integer;
    amount integer;
    name text := '';
begin
    -- Before the name stands a direction, unless it is the name ("North Street").
    if directions ? named[1] and cardinality(named) > 1 then
        amount := case when (directions ->> named[1]) in ('n', 's') and (directions ->> named[2]) in ('e', 'w') then 2 else 1 end;
        if amount = 2 and (cardinality(named) = 2 or strong ? (suffixes ->> named[3]) and cardinality(named) = 3) then
            amount := 1;
        end if;
        if named[amount + 1] is not null
            and (strong ? (suffixes ->> named[amount + 1]) and cardinality(named) = amount + 1) is not true
        then
            parts := parts || jsonb_build_object(
                'pre', (directions ->> named[1]) || case when amount = 2 then directions ->> named[2] else '' end
            );
            named := named[amount + 1:];
        end if;
    end if;
    if cardinality(named) > 1 and spanish ? named[1] and (strong ? (suffixes ->> named[2])) is not true then
        parts := parts || jsonb_build_object('suffix', suffixes ->> named[1]);
        named := named[2:];
    else
        -- The kind of street: the first that ends a name wherever it stands, else the last that can.
        for place in 2 .. cardinality(named) loop
            if strong ? (suffixes ->> named[place])
                and (strong ? (suffixes ->> named[place + 1])) is not true
                -- "St" before another kind is a saint.
                and not (
                    named[place] = 'st'
                    and exists (select from unnest(named[place + 1:]) as w (word) where strong ? (suffixes ->> w.word))
                )
            then
                kind := place;
                exit;
            elsif suffixes ? named[place] and named[place] <> 'st' then
                kind := place;
            end if;
        end loop;
        if kind is not null then
            parts := parts || jsonb_build_object('suffix', suffixes ->> named[kind]);
            rest := named[kind + 1:];
            named := named[:kind - 1];
        elsif cardinality(named) = 2 and strong ? (suffixes ->> named[1]) then
            -- "Avenue L"
            parts := parts || jsonb_build_object('suffix', suffixes ->> named[1]);
            named := named[2:];
        end if;
    end if;
    if kind is null then
        -- "12 Elm Denver CO"
        if cardinality(named) > 2 and length(named[cardinality(named)]) = 2 and states ? named[cardinality(named)] then
            rest := named[cardinality(named):];
            named := named[:cardinality(named) - 1];
        end if;
        if cardinality(named) > 1 and directions ? named[cardinality(named)] then
            parts := parts || jsonb_build_object('post', directions ->> named[cardinality(named)]);
            named := named[:cardinality(named) - 1];
        end if;
    end if;
    if directions ? rest[1] then
        amount := case when (directions ->> rest[1]) in ('n', 's') and (directions ->> rest[2]) in ('e', 'w') then 2 else 1 end;
        parts := parts || jsonb_build_object(
            'post', (directions ->> rest[1]) || case when amount = 2 then directions ->> rest[2] else '' end
        );
        rest := rest[amount + 1:];
    end if;
    if rest[1] ~ '^(?:\d{1,4}[a-z]?|[a-z]\d{0,4})$' then
        parts := parts || jsonb_build_object('unit', rest[1]);
        rest := rest[2:];
    end if;
    for place in 1 .. cardinality(named) loop
        name := name || case
            when named[place] in ('de', 'del', 'of', 'the', 'and', 'y') then ''
            when named[place] = 'st' then 'saint'
            when named[place] = 'dr' and place = 1 then 'doctor'
            else coalesce(suffixes ->> named[place], directions ->> named[place], named[place])
        end;
    end loop;
    return parts || jsonb_build_object('street', name, 'rest', to_jsonb(rest));
end
$$;

revoke execute on function private.street_parts(text[]) from public;
grant execute on function private.street_parts(text[]) to frontdesk_app;
