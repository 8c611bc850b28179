-- The lowest crew of an organization that is free for a time: with the gap between visits if one is, else by the visits
-- alone; null when none is. `own` is preferred, and the visit `except_id` is left out of account (it is being moved).
create or replace function private.free_crew(
    org_id uuid,
    span tsrange,
    gap interval,
    capacity integer,
    own integer,
    except_id uuid
)
returns integer
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
    return (
        select c.crew
        from generate_series(1, capacity) as c (crew)
        cross join (values (gap), (interval '0')) as b (gap)
        where not exists (
            select
            from public.appointments as a
            inner join public.organizations as o on o.id = a.organization_id
            where
                a.organization_id = org_id
                and a.scheduled_date between lower(span)::date - 1 and upper(span)::date + 1
                and a.status in ('pending', 'confirmed')
                and a.crew = c.crew
                and a.id <> except_id
                and private.busy_range(a.busy, b.gap, coalesce(o.timezone, 'America/New_York')) && span
        )
        order by b.gap desc, c.crew <> own nulls first, c.crew
        limit 1
    );
end
$$;

revoke execute on function private.free_crew(uuid, tsrange, interval, integer, integer, uuid) from public;
