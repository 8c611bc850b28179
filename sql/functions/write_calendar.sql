-- Keeps what the search for free time knows of an organization (private.calendars, private.weekday_slots) as its settings and special days
-- have it. It runs as its owner, because a dashboard may not use schema private.
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

-- The days from `first` to `last` near which the clocks of a zone change: the day, the one before and the one after. Null for a zone that
-- the server does not know. It looks at the weeks, and at the days of those in which the clocks change: no zone changes them twice in one.
create or replace function private.days_of_clock_changes(zone text, first date, last date) returns date[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select distinct d.day + n.near
        from (
            select first + 7 * s.nth as day from generate_series(0, (last - first) / 7) as s (nth)
            offset 0
        ) as w
        cross join lateral (select w.day + s.nth as day from generate_series(0, 6) as s (nth)) as d
        cross join generate_series(-1, 1) as n (near)
        where
            ((w.day + 7)::timestamp at time zone zone) - (w.day::timestamp at time zone zone) <> interval '7 days'
            and ((d.day + 1)::timestamp at time zone zone) - (d.day::timestamp at time zone zone) <> interval '24 hours'
            and d.day <= last
        order by 1
    );
exception
    when invalid_parameter_value then return null;
end
$$;

revoke execute on function private.days_of_clock_changes(text, date, date) from public;

create or replace function private.write_calendars(ids uuid[]) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- To compile a query (`jit`) takes a hundred times as long as these do.
set jit = off
as $$
declare
    -- As far back as anybody looks, and a year beyond what can be booked.
    first constant date := (private.clock() at time zone 'UTC')::date - 400;
    last constant date := (private.clock() at time zone 'UTC')::date + 1096;
    before private.calendars[];
    changed record;
begin
    -- Before the rows, as whoever books, holds a slot or reads a linked calendar locks them.
    perform private.lock_organization(u.id) from (select i.id from unnest(ids) as i (id) order by i.id) as u;
    -- Two who write the special days of one organization: the second sees what the first has committed.
    perform from private.calendars as c where ids is null or c.organization_id = any(ids) order by c.organization_id for update;
    before := array(select c from private.calendars as c where ids is null or c.organization_id = any(ids));
    insert into private.calendars as c (
        organization_id, zone, capacity, step, lead_time, lead_days, horizon_days, before_minutes, after_minutes,
        travel_minutes, postal_codes, weekly, odd_since, odd_until, odd_days, version
    )
    with organizations as materialized (
        select o.id, private.time_zone(o.timezone) as zone, o.settings
        from public.organizations as o
        where ids is null or o.id = any(ids)
    ),

    zones as materialized (
        select z.zone, private.days_of_clock_changes(z.zone, first - 1, last + 1) as days
        from (select distinct o.zone from organizations as o) as z
    )

    select
        o.id, o.zone, r.capacity, r.step, r.lead_time, r.lead_days, r.horizon_days,
        r.before_minutes, r.after_minutes, r.travel_minutes,
        case when jsonb_typeof(o.settings #> '{area,postal_codes}') = 'array' then o.settings #> '{area,postal_codes}' end,
        private.weekly_windows(o.settings),
        first,
        last,
        case
            when z.days is not null
                then z.days || array(
                    select s.special_date + n.near
                    from public.special_days as s
                    cross join generate_series(0, 1) as n (near)
                    where s.organization_id = o.id and s.special_date >= first - 1
                )
        end,
        pg_current_xact_id()::text::bigint
    from organizations as o
    join zones as z on z.zone = o.zone
    cross join lateral private.booking_rules(o.settings) as r
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
        weekly = excluded.weekly,
        odd_since = excluded.odd_since,
        odd_until = excluded.odd_until,
        odd_days = excluded.odd_days,
        version = excluded.version;
    insert into private.weekday_slots as w (organization_id, weekday, starts, rooms, opens, closes)
    select
        c.organization_id,
        d.weekday,
        coalesce(array_agg(p.starts_at::time order by p.starts_at) filter (where p.room > 0), '{}'),
        coalesce(array_agg(p.room order by p.starts_at) filter (where p.room > 0), '{}'),
        coalesce(min(p.minute), 0),
        coalesce(max(p.minute + p.room), 0)
    from private.calendars as c
    -- An organization that is being deleted has none any more.
    join public.organizations as o on o.id = c.organization_id
    cross join generate_series(0, 6) as d (weekday)
    left join lateral (
        select
            s.starts_at,
            extract(epoch from s.starts_at::time) / 60 as minute,
            max(extract(epoch from upper(v.span) - s.starts_at) / 60)::smallint as room
        -- The weekday in the model week, which begins on a Monday.
        from (select date '2001-01-01' + (d.weekday + 6) % 7 as day) as m
        cross join lateral (
            select u.span from unnest(c.weekly) as u (span)
            where u.span && tsrange(m.day, m.day + 1)
            offset 0
        ) as v
        cross join lateral generate_series(lower(v.span), upper(v.span) - interval '1 minute', c.step) as s (starts_at)
        where s.starts_at >= m.day and s.starts_at < m.day + 1
        group by s.starts_at
    ) as p on true
    where ids is null or c.organization_id = any(ids)
    group by c.organization_id, d.weekday
    on conflict (organization_id, weekday) do update
    set
        starts = excluded.starts,
        rooms = excluded.rooms,
        opens = excluded.opens,
        closes = excluded.closes;
    -- Appointments count with what they need around them, and what linked calendars say counts for each crew and on the organization's clock.
    for changed in
        select
            c.organization_id as id,
            b.zone <> c.zone and exists (
                select from private.external_events as e where e.organization_id = c.organization_id
            ) as moves_events,
            b.capacity <> c.capacity and exists (
                select from private.calendar_links as l where l.organization_id = c.organization_id and l.scope = 'any'
            ) as changes_crews,
            b.odd_until is null
            or (b.capacity, b.before_minutes, b.after_minutes) is distinct from (c.capacity, c.before_minutes, c.after_minutes)
            as changes_days
        from private.calendars as c
        left join unnest(before) as b on b.organization_id = c.organization_id
        where ids is null or c.organization_id = any(ids)
        order by c.organization_id
    loop
        if changed.changes_crews then
            perform private.lay_on_crews(changed.id);
        end if;
        if changed.moves_events or changed.changes_crews then
            perform private.write_external_days(changed.id);
        end if;
        if changed.changes_days then
            perform private.write_busy_days(changed.id);
        end if;
    end loop;
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

-- Once a statement: whoever enters the holidays of a year changes the calendar once.
create or replace function private.write_calendar_of_special_day() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.write_calendars(array(select distinct c.organization_id from changed as c));
    return null;
end
$$;

revoke execute on function private.write_calendar_of_special_day() from public;

create or replace trigger write_calendar
after insert on public.special_days
referencing new table as changed
for each statement
execute function private.write_calendar_of_special_day();

create or replace trigger write_calendar_on_update
after update on public.special_days
referencing new table as changed
for each statement
execute function private.write_calendar_of_special_day();

create or replace trigger write_calendar_on_delete
after delete on public.special_days
referencing old table as changed
for each statement
execute function private.write_calendar_of_special_day();

-- Fills in so many organizations for which nothing is worked out yet, and tells how many they were. `frontdesk migrate` asks until there are
-- none: a few at a time, because an organization takes no bookings meanwhile. A release that changes what is worked out sets
-- `odd_until` to null in its migration.
create or replace function private.fill_calendars(most integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    ids constant uuid[] := array(
        select o.id
        from public.organizations as o
        left join private.calendars as c on c.organization_id = o.id
        where c.odd_until is null
        order by o.id
        limit most
    );
begin
    if ids <> '{}' then
        perform private.write_calendars(ids);
    end if;
    return cardinality(ids);
end
$$;

revoke execute on function private.fill_calendars(integer) from public;
