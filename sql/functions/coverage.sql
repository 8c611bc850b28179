-- The instants at which the answer to who is on call can change, from one instant until before another: the first, every local
-- midnight and every start and end of a window on every day, and the instants at which the clocks change. What the clock says is
-- taken by each offset that the zone has around then, so that an hour that comes twice counts twice. More instants than needed do
-- no harm, and fewer would, so nothing is left out here for what a contact's days or windows look like.
create or replace function private.coverage_instants(org_id uuid, from_at timestamptz, until_at timestamptz)
returns setof timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    zone text;
begin
    select private.time_zone(o.timezone) into zone from public.organizations as o where o.id = org_id;
    return query
    with hours as (
        select
            h.instant,
            s.shift,
            lag(s.shift) over (order by h.instant) as shift_before
        from generate_series(
            date_trunc('hour', from_at) - interval '1 day', until_at + interval '1 day', interval '1 hour'
        ) as h (instant)
        cross join lateral (select (h.instant at time zone zone) - (h.instant at time zone 'UTC') as shift) as s
    ),

    clocks as (
        select time '00:00' as clock
        union
        select unnest(array[c.available_hours_start, c.available_hours_end])
        from public.emergency_contacts as c
        where c.organization_id = org_id
    ),

    instants as (
        select from_at as instant
        union
        select (d.day::date + c.clock - s.shift) at time zone 'UTC'
        from generate_series(
            (from_at at time zone zone) - interval '2 days', (until_at at time zone zone) + interval '1 day', interval '1 day'
        ) as d (day)
        cross join clocks as c
        cross join (select distinct h.shift from hours as h) as s
        union
        -- Clocks change on the minute, in the hour after which the offset is another.
        select min(m.instant)
        from hours as h
        cross join lateral generate_series(h.instant - interval '1 hour', h.instant, interval '1 minute') as m (instant)
        where h.shift <> h.shift_before and (m.instant at time zone zone) - (m.instant at time zone 'UTC') = h.shift
        group by h.instant
    )

    select i.instant
    from instants as i
    where i.instant >= from_at and i.instant < until_at
    order by i.instant;
end
$$;

revoke execute on function private.coverage_instants(uuid, timestamptz, timestamptz) from public;

-- Who is on call when, from one instant until another: stretches in which the same people are asked in the same order. Where nobody
-- is on call the source is that of whom it then falls to (`primary_contact`, with their id, `organization_phone`), or `nobody`. The
-- rules stand in private.on_call_contacts and public.get_on_call_contact alone, which are asked at each instant; the rules' clock is
-- moved for that and put back.
create or replace function private.coverage(org_id uuid, from_at timestamptz, until_at timestamptz)
returns table (starts_at timestamptz, ends_at timestamptz, source text, contact_ids uuid[])
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    now_before constant text := current_setting('frontdesk.now', true);
    boundary timestamptz;
    source_now text;
    ids_now uuid[];
begin
    for boundary in select b.instant from private.coverage_instants(org_id, from_at, until_at) as b (instant)
    loop
        perform set_config('frontdesk.now', boundary::text, true);
        select 'on_call', array_agg(c.id order by c.ordinality)
        into source_now, ids_now
        from private.on_call_contacts(org_id) with ordinality as c;
        if ids_now is null then
            select coalesce(c.metadata ->> 'on_call_source', 'nobody'), array_remove(array[c.id], null)
            into source_now, ids_now
            from public.get_on_call_contact(org_id, 'high') as c;
        end if;
        if (source_now, ids_now) is distinct from (source, contact_ids) then
            if source is not null then
                ends_at := boundary;
                return next;
            end if;
            starts_at := boundary;
            source := source_now;
            contact_ids := ids_now;
        end if;
    end loop;
    perform set_config('frontdesk.now', coalesce(now_before, ''), true);
    if source is not null then
        ends_at := until_at;
        return next;
    end if;
end
$$;

revoke execute on function private.coverage(uuid, timestamptz, timestamptz) from public;
