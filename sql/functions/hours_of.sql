-- The hours of a day: those of a special day ($3) if there is one, else those of the weekday in the settings, else the
-- default of Monday to Friday from 08:00 to 18:00.
create or replace function private.hours_of(settings jsonb, day date, special jsonb) returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    weekly jsonb;
begin
    if special is not null then
        return special;
    end if;
    if settings ? 'hours' then
        weekly := settings -> 'hours' -> private.weekday(day);
        if jsonb_typeof(weekly) = 'array' then
            return weekly;
        end if;
    end if;
    return case when extract(isodow from day) < 6 then '[{"open": "08:00", "close": "18:00"}]' else '[]' end::jsonb;
end
$$;

revoke execute on function private.hours_of(jsonb, date, jsonb) from public;
grant execute on function private.hours_of(jsonb, date, jsonb) to frontdesk_app;
