-- The hours of a day: those of a special day ($3) if there is one, else those of the weekday in the settings, else the
-- default of Monday to Friday from 08:00 to 18:00.
create or replace function private.hours_of(settings jsonb, day date, special jsonb) returns jsonb
language sql
immutable
parallel safe
set search_path = ''
as $$
    select coalesce(
        special,
        case
            when jsonb_typeof(settings #> array['hours', private.weekday(day)]) = 'array'
                then settings #> array['hours', private.weekday(day)]
        end,
        case when extract(isodow from day) < 6 then '[{"open": "08:00", "close": "18:00"}]' else '[]' end::jsonb
    )
$$;

revoke execute on function private.hours_of(jsonb, date, jsonb) from public;
