-- The windows of a day's hours ([{"open": "08:00", "close": "18:00"}, ...]) that start on `day`, on the clock of the
-- organization. A close that is not after its open is on the next day; equal ones make 24 hours. Malformed windows are
-- left out.
create or replace function private.opening_windows(hours jsonb, day date) returns setof tsrange
language plpgsql
immutable
parallel safe
rows 2
set search_path = pg_catalog, pg_temp
as $$
declare
    entry jsonb;
    opens time;
    closes time;
begin
    if hours is null or jsonb_typeof(hours) <> 'array' then
        return;
    end if;
    for nth in 0 .. jsonb_array_length(hours) - 1
    loop
        entry := hours -> nth;
        if
            coalesce(entry ->> 'open', '') ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
            and coalesce(entry ->> 'close', '') ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
        then
            opens := entry ->> 'open';
            closes := entry ->> 'close';
            return next tsrange(
                day + opens, day + closes + case when closes <= opens then interval '1 day' else interval '0' end
            );
        end if;
    end loop;
end
$$;

revoke execute on function private.opening_windows(jsonb, date) from public;
grant execute on function private.opening_windows(jsonb, date) to frontdesk_app;
