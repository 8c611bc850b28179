-- The windows of a day's hours ([{"open": "08:00", "close": "18:00"}, ...]) that start on `day`, on the clock of the
-- organization. A close that is not after its open is on the next day; equal ones make 24 hours. Malformed windows are
-- left out.
create or replace function private.opening_windows(hours jsonb, day date) returns tsrange[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    windows tsrange[] := '{}';
    opens text;
    closes text;
begin
    if hours is null or jsonb_typeof(hours) <> 'array' then
        return windows;
    end if;
    for nth in 0 .. jsonb_array_length(hours) - 1
    loop
        opens := hours -> nth ->> 'open';
        closes := hours -> nth ->> 'close';
        if opens ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and closes ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' then
            windows := windows || tsrange(
                day + opens::time,
                day + closes::time + case when closes::time <= opens::time then interval '1 day' else interval '0' end
            );
        end if;
    end loop;
    return windows;
end
$$;

revoke execute on function private.opening_windows(jsonb, date) from public;
grant execute on function private.opening_windows(jsonb, date) to frontdesk_app;
