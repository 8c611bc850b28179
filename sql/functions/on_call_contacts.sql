-- Who is on call now, in the order in which they are asked: priority, the primary contact first, then the order of entry.
-- Days and hours are those of the organization's clock; a window over midnight belongs to the day on which it starts, and
-- so do the 24 hours of one whose start is its end. A start alone lasts until midnight, an end alone begins at midnight.
-- On the night when the clocks go back the repeated hour counts both times. A contact without a number cannot be asked.
create or replace function private.on_call_contacts(org_id uuid) returns setof public.emergency_contacts
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    clock time;
    today text;
    yesterday text;
begin
    select
        n.local::time, n.days[extract(isodow from n.local)::integer + 1], n.days[extract(isodow from n.local)::integer]
    into clock, today, yesterday
    from (
        select
            private.clock() at time zone private.time_zone(o.timezone) as local,
            '{sunday,monday,tuesday,wednesday,thursday,friday,saturday,sunday}'::text[] as days
        from public.organizations as o
        where o.id = org_id
        offset 0
    ) as n;
    return query
    select c.*
    from public.emergency_contacts as c
    cross join lateral (
        select
            coalesce(c.available_days @> array[today], true) as is_today,
            coalesce(c.available_days @> array[yesterday], true) as is_yesterday,
            coalesce(c.available_hours_start, '00:00'::time) as starts,
            coalesce(c.available_hours_end, '24:00'::time) as ends
    ) as w
    where
        c.organization_id = org_id
        and c.is_active
        and trim(c.phone) <> ''
        and case
            when w.starts < w.ends then w.is_today and clock >= w.starts and clock < w.ends
            else (w.is_today and clock >= w.starts) or (w.is_yesterday and clock < w.ends)
        end
    order by c.priority nulls last, c.is_primary desc nulls last, c.created_at, c.id;
end
$$;

revoke execute on function private.on_call_contacts(uuid) from public;
grant execute on function private.on_call_contacts(uuid) to frontdesk_app;
