-- The lowest crew of an organization that is free for a time: with the gap between visits if one is, else by the visits
-- alone; null when none is. `own` is preferred. The visit that is being moved, `own` at `moved_from`, is left out of account; no
-- other can be of that crew at that time.
--
-- What another call than `call_id` holds is left to it while another crew is free; a dashboard may give it away.
--
-- The visits are read once and from one index alone, as the search for free slots does.
drop function if exists private.free_crew(uuid, tsrange, interval, integer, integer, uuid);
drop function if exists private.free_crew(uuid, tsrange, interval, text, integer, integer, tsrange);

create or replace function private.free_crew(
    org_id uuid,
    span tsrange,
    gap interval,
    zone text,
    capacity integer,
    own integer,
    moved_from tsrange,
    call_id text
)
returns integer
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return (
        with taken as materialized (
            select
                a.crew,
                a.busy && span as overlaps,
                false as is_held
            from public.appointments as a
            where
                a.organization_id = org_id
                and a.scheduled_date between lower(span)::date - 1 and upper(span)::date + 1
                and a.status in ('pending', 'confirmed')
                and a.crew <= capacity
                and (a.crew, a.busy) is distinct from (own, moved_from)
                and private.busy_range(a.busy, gap, zone) && span
            union all
            select
                h.crew,
                false,
                true
            from private.slot_holds as h
            where
                h.organization_id = org_id
                and h.scheduled_date between lower(span)::date - 1 and upper(span)::date + 1
                and h.expires_at > private.clock()
                and h.vapi_call_id is distinct from call_id
                and h.crew <= capacity
                and private.busy_range(h.busy, gap, zone) && span
        )

        select c.crew
        from generate_series(1, capacity) as c (crew)
        left join taken as t on t.crew = c.crew
        group by c.crew
        having not coalesce(bool_or(t.overlaps), false)
        order by coalesce(bool_or(t.is_held), false), count(t.crew) > 0, c.crew <> own nulls first, c.crew
        limit 1
    );
end
$$;

revoke execute on function private.free_crew(
    uuid, tsrange, interval, text, integer, integer, tsrange, text
) from public;
