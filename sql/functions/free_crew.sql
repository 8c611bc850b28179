-- The crew of an organization that is able to do an appointment and free for a time: with what lies between two appointments
-- (private.booking_rules()) if one is, else by the appointments alone; null when none is. `own` is preferred, then whoever has the
-- fewest skills, so that the others stay free for what needs them. The appointment that is being moved, `own` at `moved_from`, is
-- left out of account; no other can be of that crew at that time.
--
-- What another call than `call_id` holds is left to it while another crew is free; a dashboard may give it away. The same goes for what a
-- linked calendar says: a dashboard may book over it.
--
-- The appointments are read once and from one index alone, as the search for free slots does.
create or replace function private.free_crew(
    org_id uuid,
    span tsrange,
    needs private.visit,
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
declare
    rules record;
    able integer[];
    next_door uuid[];
    before interval;
    after interval;
begin
    select k.zone, k.capacity, k.before_minutes, k.after_minutes, k.travel_minutes
    into strict rules
    from private.calendars as k
    where k.organization_id = org_id;
    able := private.able_crews(org_id, rules.capacity, needs.skill);
    before := make_interval(mins => coalesce(needs.before_minutes, rules.before_minutes) + rules.travel_minutes);
    after := make_interval(mins => coalesce(needs.after_minutes, rules.after_minutes) + rules.travel_minutes);
    if rules.travel_minutes > 0 and needs.address_key is not null then
        next_door := private.appointments_at(org_id, lower(span)::date, needs.address_key);
    end if;
    return (
        with around as (
            select
                a.crew,
                a.busy,
                after + make_interval(mins => coalesce(a.buffer_before_minutes, rules.before_minutes)) - d.saved as before,
                before + make_interval(mins => coalesce(a.buffer_after_minutes, rules.after_minutes)) - d.saved as after,
                false as is_held
            from public.appointments as a
            cross join lateral (
                select make_interval(mins => case when a.id = any(next_door) then rules.travel_minutes else 0 end) as saved
            ) as d
            where
                a.organization_id = org_id
                and a.scheduled_date between lower(span)::date - 1 and upper(span)::date + 1
                and a.status in ('pending', 'confirmed')
                and (a.crew, a.busy) is distinct from (own, moved_from)
            union all
            select
                h.crew,
                h.busy,
                after + make_interval(mins => coalesce(h.buffer_before_minutes, rules.before_minutes)),
                before + make_interval(mins => coalesce(h.buffer_after_minutes, rules.after_minutes)),
                true
            from private.slot_holds as h
            where
                h.organization_id = org_id
                and h.scheduled_date between lower(span)::date - 1 and upper(span)::date + 1
                and h.expires_at > private.clock()
                and h.vapi_call_id is distinct from call_id
            union all
            select n.crew, u.busy, u.before, u.after, true
            from private.busy_days as d
            cross join lateral (
                select t.busy, after as before, before as after from unnest(d.timed) as t (busy)
                union all
                select t.busy, interval '0', interval '0' from unnest(d.whole) as t (busy)
            ) as u
            cross join lateral generate_series(
                greatest(d.crew, 1), case when d.crew = 0 then rules.capacity else d.crew end
            ) as n (crew)
            where d.organization_id = org_id and d.day between lower(span)::date - 1 and upper(span)::date + 1
        ),

        taken as materialized (
            select
                n.crew,
                n.is_held,
                n.busy && span and not n.is_held as overlaps
            from around as n
            where
                n.crew <= rules.capacity
                and private.busy_range(n.busy, n.before, n.after, rules.zone) && span
        )

        select c.crew
        from generate_series(1, rules.capacity) as c (crew)
        left join taken as t on t.crew = c.crew
        left join public.crews as k on k.organization_id = org_id and k.number = c.crew
        where able is null or c.crew = any(able)
        group by c.crew, k.skills
        having not coalesce(bool_or(t.overlaps), false)
        order by
            coalesce(bool_or(t.is_held), false),
            count(t.crew) > 0,
            c.crew <> own nulls first,
            coalesce(cardinality(k.skills), 0),
            c.crew
        limit 1
    );
end
$$;

revoke execute on function private.free_crew(uuid, tsrange, private.visit, integer, tsrange, text) from public;
