-- The windows of a day's hours ([{"open": "08:00", "close": "18:00"}, ...]) that start on `day`, on the clock of the
-- organization. A close that is not after its open is on the next day; equal ones make 24 hours. Malformed windows are
-- left out.
create or replace function private.opening_windows(hours jsonb, day date) returns setof tsrange
language sql
immutable
parallel safe
rows 2
set search_path = ''
as $$
    select tsrange(
        day + (w.value ->> 'open')::time,
        day + (w.value ->> 'close')::time
        + case
            when (w.value ->> 'close')::time <= (w.value ->> 'open')::time then interval '1 day'
            else interval '0'
        end
    )
    from jsonb_array_elements(case when jsonb_typeof(hours) = 'array' then hours else '[]' end) as w (value)
    where
        case
            when jsonb_typeof(w.value) = 'object'
                then
                    coalesce(w.value ->> 'open', '') ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
                    and coalesce(w.value ->> 'close', '') ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
            else false
        end
$$;

revoke execute on function private.opening_windows(jsonb, date) from public;
