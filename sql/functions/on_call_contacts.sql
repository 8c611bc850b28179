-- Who is on call now, in the order in which they are asked: priority, the primary contact first, then the order of entry.
-- Days and hours are those of the organization's clock; a window over midnight belongs to the day on which it starts, and
-- so do the 24 hours of one whose start is its end. A start alone lasts until midnight, an end alone begins at midnight.
-- On the night when the clocks go back the repeated hour counts both times. A contact without a number cannot be asked.
create or replace function private.on_call_contacts(org_id uuid) returns setof public.emergency_contacts
language sql
stable
set search_path = ''
as $$
    select c.*
    from public.emergency_contacts as c
    inner join public.organizations as o on o.id = c.organization_id
    cross join lateral (
        select private.clock() at time zone coalesce(o.timezone, 'America/New_York')
    ) as l (now_local)
    cross join lateral (
        select
            l.now_local::time as clock,
            coalesce(c.available_days @> array[private.weekday(l.now_local::date)], true) as today,
            coalesce(c.available_days @> array[private.weekday(l.now_local::date - 1)], true) as yesterday,
            coalesce(c.available_hours_start, '00:00'::time) as starts,
            coalesce(c.available_hours_end, '24:00'::time) as ends
    ) as w
    where
        c.organization_id = org_id
        and c.is_active
        and trim(c.phone) <> ''
        and case
            when w.starts < w.ends then w.today and w.clock >= w.starts and w.clock < w.ends
            else (w.today and w.clock >= w.starts) or (w.yesterday and w.clock < w.ends)
        end
    order by c.priority nulls last, c.is_primary desc nulls last, c.created_at, c.id
$$;

revoke execute on function private.on_call_contacts(uuid) from public;
