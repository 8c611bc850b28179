-- What is in the way of a time, for an operator: of each crew that could be sent, by its number, the appointments, holds and events of linked
-- calendars whose time meets it together with what lies between two appointments on both sides. Whether a slot is free is decided by private.search_day() alone; a test
-- holds that a slot is taken when, and only when, something is in the way of every crew.
create or replace function private.busy_crews(
    org_id uuid,
    span tsrange,
    needs private.visit,
    rules private.calendars,
    able integer[],
    next_door uuid[]
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    before constant interval := make_interval(
        mins => coalesce(needs.before_minutes, rules.before_minutes) + rules.travel_minutes
    );
    after constant interval := make_interval(
        mins => coalesce(needs.after_minutes, rules.after_minutes) + rules.travel_minutes
    );
begin
    return (
        with around as (
            select
                a.crew,
                a.busy,
                coalesce(a.buffer_before_minutes, rules.before_minutes)
                - case when a.id = any(next_door) then rules.travel_minutes else 0 end as before_minutes,
                coalesce(a.buffer_after_minutes, rules.after_minutes)
                - case when a.id = any(next_door) then rules.travel_minutes else 0 end as after_minutes,
                a.id as appointment_id,
                null::timestamptz as held_until,
                false as is_external
            from public.appointments as a
            where
                a.organization_id = org_id
                and a.scheduled_date between lower(span)::date - 1 and upper(span)::date + 1
                and a.status in ('pending', 'confirmed')
            union all
            select
                h.crew,
                h.busy,
                coalesce(h.buffer_before_minutes, rules.before_minutes),
                coalesce(h.buffer_after_minutes, rules.after_minutes),
                null,
                h.expires_at,
                false
            from private.slot_holds as h
            where
                h.organization_id = org_id
                and h.scheduled_date between lower(span)::date - 1 and upper(span)::date + 1
                and h.expires_at > private.clock()
            union all
            -- Around what a linked calendar says lies what this appointment needs, and nothing around whole days.
            select n.crew, u.busy, u.margin_before, u.margin_after, null, null, true
            from private.busy_days as d
            cross join lateral (
                select t.busy, 0 as margin_before, 0 as margin_after from unnest(d.timed) as t (busy)
                union all
                select
                    t.busy,
                    -extract(epoch from after)::integer / 60,
                    -extract(epoch from before)::integer / 60
                from unnest(d.whole) as t (busy)
            ) as u
            cross join lateral generate_series(
                greatest(d.crew, 1), case when d.crew = 0 then rules.capacity else d.crew end
            ) as n (crew)
            where d.organization_id = org_id and d.day between lower(span)::date - 1 and upper(span)::date + 1
        ),

        in_the_way as (
            select n.*, b.blocked
            from around as n
            cross join lateral private.busy_range(
                n.busy,
                after + make_interval(mins => n.before_minutes),
                before + make_interval(mins => n.after_minutes),
                rules.zone
            ) as b (blocked)
            where b.blocked && span
        )

        select
            jsonb_agg(
                jsonb_build_object(
                    'crew', c.crew,
                    'busy_with', (
                        select
                            coalesce(
                                jsonb_agg(
                                    jsonb_strip_nulls(
                                        jsonb_build_object(
                                            'appointment_id', i.appointment_id,
                                            'held_until', i.held_until,
                                            'is_external', case when i.is_external then true end,
                                            'starts', lower(i.busy),
                                            'ends', upper(i.busy),
                                            'blocks_from', lower(i.blocked),
                                            'blocks_until', upper(i.blocked)
                                        )
                                    )
                                    order by i.busy, i.appointment_id
                                ),
                                '[]'
                            )
                        from in_the_way as i
                        where i.crew = c.crew
                    )
                )
                order by c.crew
            )
        from generate_series(1, rules.capacity) as c (crew)
        where able is null or c.crew = any(able)
    );
end
$$;

revoke execute on function private.busy_crews(
    uuid, tsrange, private.visit, private.calendars, integer[], uuid[]
) from public;
