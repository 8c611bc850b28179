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
begin
    return query
    select c.*
    from public.organizations as o
    -- Not to be worked out again for each contact.
    cross join lateral (
        select
            t.now_local::time as clock,
            t.days[extract(isodow from t.now_local)::integer + 1] as today,
            t.days[extract(isodow from t.now_local)::integer] as yesterday
        from (
            select
                private.clock() at time zone private.time_zone(o.timezone) as now_local,
                '{sunday,monday,tuesday,wednesday,thursday,friday,saturday,sunday}'::text[] as days
            offset 0
        ) as t
        offset 0
    ) as n
    join public.emergency_contacts as c on c.organization_id = o.id
    cross join lateral (
        select
            coalesce(c.available_days @> array[n.today], true) as is_today,
            coalesce(c.available_days @> array[n.yesterday], true) as is_yesterday,
            coalesce(c.available_hours_start, '00:00'::time) as starts,
            coalesce(c.available_hours_end, '24:00'::time) as ends
    ) as w
    where
        o.id = org_id
        and c.is_active
        and trim(c.phone) <> ''
        and case
            when w.starts < w.ends then w.is_today and n.clock >= w.starts and n.clock < w.ends
            else (w.is_today and n.clock >= w.starts) or (w.is_yesterday and n.clock < w.ends)
        end
    order by c.priority nulls last, c.is_primary desc nulls last, c.created_at, c.id;
end
$$;

revoke execute on function private.on_call_contacts(uuid) from public;
grant execute on function private.on_call_contacts(uuid) to frontdesk_app;
