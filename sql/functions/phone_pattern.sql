-- A regular expression that finds a telephone number in a text however it is written there: +13035550103, (303) 555-0103, 1.303.555.0103.
-- A number of North America may come without its country code; another one also with a zero in place of it. The digits of a date and
-- its time (2026-12-10 10:00) are no number. Null for what is no number.
create or replace function private.phone_pattern(phone text) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- What may stand between two digits.
    gap constant text := '[^0-9A-Za-z]{0,3}';
    no_date constant text := private.no_date();
    -- An extension is no part of the number.
    digits constant text := regexp_replace(regexp_replace(phone, '[A-Za-z#].*$', ''), '[^0-9]', '', 'g');
    national constant text := substring(digits from '^1?([2-9][0-9]{9})$');
    spelled text;
begin
    if national is not null then
        spelled := format(
            '(?:(?:00|011)?%s%s1%s)?%s%s', gap, no_date, gap, no_date, array_to_string(regexp_split_to_array(national, ''), gap)
        );
    elsif length(digits) between 8 and 15 then
        -- Country codes have one to three digits.
        select string_agg(
            case when nth = 0 then '' else '0?' || gap end
            || no_date
            || array_to_string(regexp_split_to_array(substr(digits, nth + 1), ''), gap),
            '|'
        )
        into spelled
        from generate_series(0, 3) as nth
        where nth = 0 or length(digits) - nth >= 8;
        spelled := format('(?:%s)', spelled);
    else
        return null;
    end if;
    return format('(?:^|[^0-9])(?:00|011)?%s%s(?![0-9])', gap, spelled);
end
$$;

revoke execute on function private.phone_pattern(text) from public;

-- What stands in a regular expression where no date may begin or go on.
create or replace function private.no_date() returns text
language sql
immutable
return '(?!20[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9]))'
    || '(?!(?<=20[0-9]{2}-)[01][0-9]-[0-3][0-9](?![0-9]))(?!(?<=20[0-9]{2}-[01][0-9]-)[0-3][0-9][^0-9][0-9]{2}:)'
    || '(?!(?<=20[0-9]{2}-[01][0-9]-[0-3][0-9][T ])[0-9]{2}:)';

revoke execute on function private.no_date() from public;

-- A pattern that finds all that another one finds (private.phone_pattern()), and parts of dates: in a hundredth of the time, for what is to
-- be looked through closely afterwards.
create or replace function private.rough_pattern(pattern text) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return replace(pattern, private.no_date(), '');
end
$$;

revoke execute on function private.rough_pattern(text) from public;
