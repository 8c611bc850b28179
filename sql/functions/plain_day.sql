-- A plain day: its slots and its busy time can be looked up. Not plain are special days, days near a change of the clocks, hours that come
-- too near to midnight, days while a caller holds a slot, and all days outside what can be booked; private.search_day() works them out from
-- the appointments. What it says of a plain day is the same.
--
-- Both functions become part of the statement that asks them: their names are resolved when they are made, and they run as whoever asks.
create or replace function private.plain_day(
    org_id uuid,
    at timestamptz,
    target_date date,
    minutes integer,
    before_minutes integer,
    after_minutes integer
)
returns table (
    is_plain boolean,
    travels boolean,
    postal_codes jsonb,
    starts time[],
    rooms smallint[],
    earliest timestamp,
    before interval,
    after interval,
    busy tsmultirange[],
    capacity integer
)
language sql
stable
begin atomic
    select
        target_date <> all(k.odd_days)
        and target_date between k.odd_since and k.odd_until
        and target_date - (plain_day.at at time zone k.zone)::date between k.lead_days and k.horizon_days
        and k.held_until <= plain_day.at
        and s.opens >= coalesce(plain_day.before_minutes, k.before_minutes) + k.travel_minutes
        and s.closes + coalesce(plain_day.after_minutes, k.after_minutes) + k.travel_minutes <= 1440,
        k.travel_minutes > 0,
        k.postal_codes,
        s.starts,
        s.rooms,
        (plain_day.at + k.lead_time) at time zone k.zone,
        -- What must be free around the start of an appointment.
        make_interval(mins => coalesce(plain_day.before_minutes, k.before_minutes) + k.travel_minutes),
        make_interval(mins => plain_day.minutes + coalesce(plain_day.after_minutes, k.after_minutes) + k.travel_minutes),
        array(
            select b.busy from private.busy_days as b
            where
                -- Nobody asks on other days.
                target_date <> all(k.odd_days)
                and b.organization_id = org_id
                and b.day = target_date
                and b.crew between 1 and k.capacity
        ),
        k.capacity
    from private.calendars as k
    join private.weekday_slots as s
        on s.organization_id = org_id and s.weekday = (target_date - date '2000-12-31') % 7
    where k.organization_id = org_id
    offset 0;
end;

revoke execute on function private.plain_day(uuid, timestamptz, date, integer, integer, integer) from public;
grant execute on function private.plain_day(uuid, timestamptz, date, integer, integer, integer) to frontdesk_app;

-- The slots of a plain day, in order, and whether each can be booked: when some crew is free from before it until after it.
create or replace function private.plain_slots(
    target_date date,
    minutes integer,
    starts time[],
    rooms smallint[],
    earliest timestamp,
    before interval,
    after interval,
    busy tsmultirange[],
    capacity integer
)
returns table (start_time time, is_free boolean)
language sql
immutable
begin atomic
    select
        p.start_time,
        target_date + p.start_time >= earliest
        -- A crew without a row has nothing to do all day.
        and (
            cardinality(busy) < capacity
            or not tsrange(target_date + p.start_time - before, target_date + p.start_time + after) && all(busy)
        )
    from (select unnest(starts) as start_time, unnest(rooms) as room) as p
    where p.room >= minutes;
end;

revoke execute on function private.plain_slots(
    date, integer, time[], smallint[], timestamp, interval, interval, tsmultirange[], integer
) from public;
grant execute on function private.plain_slots(
    date, integer, time[], smallint[], timestamp, interval, interval, tsmultirange[], integer
) to frontdesk_app;
