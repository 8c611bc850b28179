-- The calendar of an organization as the service remembers it to answer for plain days: private.plain_day() without what is busy. Null
-- where nothing is worked out yet, and where it depends on the postal code whether the organization comes.
create or replace function private.calendar_of(org_id uuid) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select
            jsonb_build_object(
                'version', k.version,
                'capacity', k.capacity,
                'lead_minutes', extract(epoch from k.lead_time)::integer / 60,
                'lead_days', k.lead_days,
                'horizon_days', k.horizon_days,
                'before_minutes', k.before_minutes,
                'after_minutes', k.after_minutes,
                'travel_minutes', k.travel_minutes,
                -- A special day may be one that no calendar has.
                'odd_days', array(select d.day from unnest(k.odd_days) as d (day) where d.day between k.odd_since and k.odd_until),
                'odd_since', k.odd_since,
                'odd_until', k.odd_until,
                'weekdays', (
                    select
                        jsonb_agg(
                            jsonb_build_object('starts', s.starts, 'rooms', s.rooms, 'opens', s.opens, 'closes', s.closes)
                            order by s.weekday
                        )
                    from private.weekday_slots as s
                    where s.organization_id = org_id
                )
            )
        from private.calendars as k
        where
            k.organization_id = org_id
            and k.odd_days is not null
            and k.odd_until is not null
            and k.postal_codes is null
    );
end
$$;

revoke execute on function private.calendar_of(uuid) from public;
grant execute on function private.calendar_of(uuid) to frontdesk_app;
