-- The tokens of an address, spelled alike: small letters without accents or apostrophes, numbers in figures ("twelve", "one twenty
-- three", "veinte", "ciento dos"), ordinals as "5th" ("Fifth", "quinta"). Commas, "#" and hyphens are tokens too. Remarks in brackets
-- are left out. Only the first 300 characters count.
create or replace function private.address_tokens(address text) returns text[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    numbers constant jsonb := private.address_words() -> 'number';
    ordinals constant jsonb := private.address_words() -> 'ordinal';
    spelled text;
    raw text[];
    tokens text[] := '{}';
    token text;
    next_token text;
    -- A number that is said in words: the figures that are complete, the group that is being added up, and its last word.
    figures text;
    total integer;
    last integer;
    value integer;
begin
    spelled := lower(normalize(replace(left(address, 300), '½', ' 1/2 '), nfkc));
    spelled := translate(spelled, 'áàâäãåéèêëíìîïóòôöõúùûüñç', 'aaaaaaeeeeiiiiooooouuuunc');
    spelled := regexp_replace(spelled, '\([^)]*\)|\[[^]]*\]|<[^>]*>', ' ', 'g');
    spelled := regexp_replace(spelled, '[''’‘`´]', '', 'g');
    spelled := regexp_replace(spelled, '\mc/\s*', 'calle ', 'g');
    spelled := regexp_replace(spelled, '\ms/n\M', ' ', 'g');
    -- "N.E." and "P.O." are one word each.
    spelled := regexp_replace(spelled, '\m([a-z])\.\s?([a-z])\.', '\1\2 ', 'g');
    spelled := replace(replace(spelled, '№', '#'), ';', ',');
    raw := array(
        select m.parts[1]
        from regexp_matches(spelled, '\d+/\d+|[[:alnum:]]+|[,#\n]|(?:(?<=\w)-(?=\w))|(?:(?<=\d)\s+-\s+(?=\d))', 'g') as m (parts)
    );
    for place in 1 .. coalesce(cardinality(raw), 0) + 1 loop
        token := raw[place];
        next_token := raw[place + 1];
        value := (numbers ->> token)::integer;
        -- "12 hundred"
        if value is null and token ~ '^\d{1,2}$' and next_token in ('hundred', 'thousand', 'mil') then
            value := token::integer;
        end if;
        if value is not null then
            if total is null then
                total := value;
            elsif value in (100, 1000) and last < value and total < 1000 then
                total := total * value;
            elsif value > 0 and value < last and (last >= 100 or last between 20 and 90 and last % 10 = 0 and value < 10) then
                total := total + value;
            else
                figures := coalesce(figures, '') || total;
                total := value;
            end if;
            last := value;
            if length(figures) > 9 then
                figures := left(figures, 9);
            end if;
            continue;
        end if;
        if total is not null then
            if token in ('and', 'y') and numbers ? next_token and last >= 20 then
                continue;
            elsif ordinals ? token and last % 10 = 0 and (ordinals ->> token)::integer < 10 then
                -- "forty-second"
                tokens := tokens || (coalesce(figures, '') || (total + (ordinals ->> token)::integer) || 'th');
                figures := null;
                total := null;
                continue;
            elsif token = '-' and (numbers ? next_token or ordinals ? next_token) then
                continue;
            end if;
            tokens := tokens || (coalesce(figures, '') || total);
            figures := null;
            total := null;
        end if;
        exit when token is null;
        if ordinals ? token then
            token := (ordinals ->> token) || 'th';
        elsif token ~ '^\d' then
            token := regexp_replace(token, '^0*(\d+)(?:st|nd|rd|th|er|ra|do|da|ro|to|ta|va|vo|mo|no|na)$', '\1th');
        elsif token = e'\n' then
            token := ',';
        elsif token ~ '^\s*-\s*$' then
            token := '-';
        end if;
        tokens := tokens || token;
    end loop;
    return tokens;
end
$$;

revoke execute on function private.address_tokens(text) from public;
grant execute on function private.address_tokens(text) to frontdesk_app;
