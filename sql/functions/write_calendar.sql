-- Keeps what the search for free time knows of an organization (private.calendars) as its settings have it. It runs as its owner, because
-- a dashboard may not use schema private.
--
-- At the end everything is worked out once more: whoever changes booking_rules(), hours_of() or opening_windows() changes this file too.
create or replace function private.weekly_windows(settings jsonb) returns tsrange[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    windows tsrange[] := '{}';
begin
    for day in 0 .. 7
    loop
        windows := windows
            || private.opening_windows(private.hours_of(settings, date '2000-12-31' + day, null), date '2000-12-31' + day);
    end loop;
    return windows;
end
$$;

revoke execute on function private.weekly_windows(jsonb) from public;
grant execute on function private.weekly_windows(jsonb) to frontdesk_app;

create or replace function private.write_calendars(ids uuid[]) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.calendars as c (
        organization_id, zone, capacity, step, lead_time, lead_days, horizon_days, before_minutes, after_minutes,
        travel_minutes, postal_codes, weekly
    )
    select
        o.id, coalesce(o.timezone, 'America/New_York'), r.capacity, r.step, r.lead_time, r.lead_days, r.horizon_days,
        r.before_minutes, r.after_minutes, r.travel_minutes,
        case when jsonb_typeof(o.settings #> '{area,postal_codes}') = 'array' then o.settings #> '{area,postal_codes}' end,
        private.weekly_windows(o.settings)
    from public.organizations as o
    cross join lateral private.booking_rules(o.settings) as r
    where ids is null or o.id = any(ids)
    on conflict (organization_id) do update
    set
        zone = excluded.zone,
        capacity = excluded.capacity,
        step = excluded.step,
        lead_time = excluded.lead_time,
        lead_days = excluded.lead_days,
        horizon_days = excluded.horizon_days,
        before_minutes = excluded.before_minutes,
        after_minutes = excluded.after_minutes,
        travel_minutes = excluded.travel_minutes,
        postal_codes = excluded.postal_codes,
        weekly = excluded.weekly;
end
$$;

revoke execute on function private.write_calendars(uuid[]) from public;

create or replace function private.write_calendar() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.write_calendars(array[new.id]);
    return null;
end
$$;

revoke execute on function private.write_calendar() from public;

create or replace trigger write_calendar
after insert or update of timezone, settings on public.organizations
for each row
execute function private.write_calendar();
