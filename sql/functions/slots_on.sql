-- Every slot that starts on a day and lies within the opening hours, in order: when it starts and ends, and whether it can be booked.
-- `in_time` is how many of them start no sooner than the organization's rules allow, taken or not; `is_open` is whether there are
-- opening hours at all, which may be too short for the visit.
--
-- A slot can be booked when a crew that is able to do the visit is free for it, with what lies between two visits on both
-- sides (private.booking_rules()), when the firm comes to where it is as far as that is known, when it starts no sooner than the
-- lead time allows, and when its day is within the horizon. Windows belong to the day on which they start, so the part after midnight
-- of yesterday's window is found here too, on that window's own grid. A local time that the clocks skip is not listed, one that comes
-- twice is listed once. What the call `call_id` holds is free to it, and the visit `moving` is not in its own way.
--
-- The day's visits are read in one index-only scan and joined as ranges; a query for each slot took four times as long.
create or replace function private.slots_on(
    calendar private.calendar,
    target_date date,
    call_id text,
    moving uuid,
    out starts_at timestamp[],
    out ends_at timestamp[],
    out is_free boolean[],
    out in_time integer,
    out is_open boolean
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    windows constant tsrange[] := private.windows_reaching(calendar.organization_id, calendar.weekly, target_date);
    -- Where the clocks stand still from the day before to the day after, the clock's own arithmetic is right.
    is_plain constant boolean :=
        ((target_date + 2)::timestamp at time zone calendar.zone) - ((target_date - 1)::timestamp at time zone calendar.zone)
        = interval '72 hours';
    is_day constant boolean :=
        calendar.comes_there is not false and target_date between calendar.first_day and calendar.last_day;
    length constant interval := make_interval(mins => calendar.minutes);
    crews constant integer := coalesce(cardinality(calendar.able), calendar.capacity);
    next_door uuid[];
    -- A visit lasts at most 8 hours and what lies between two at most 12, so none further away can reach these windows.
    reach tsrange;
    taken tsmultirange[];
begin
    in_time := 0;
    is_open := windows <> '{}';
    if not is_open then
        return;
    end if;
    select tsrange(min(lower(w.span)) - interval '12 hours', max(upper(w.span)) + interval '12 hours')
    into reach
    from unnest(windows) as w (span);
    if calendar.travel_minutes > 0 and calendar.address_key is not null then
        next_door := private.visits_at(calendar.organization_id, target_date, calendar.address_key);
    end if;

    taken := array(
        select
            range_agg(
                case
                    when is_plain then tsrange(lower(b.span) - b.before, upper(b.span) + b.after)
                    else private.busy_range(b.span, b.before, b.after, calendar.zone)
                end
            )
        from (
            select
                a.crew,
                a.busy as span,
                calendar.after + make_interval(
                    mins => coalesce(a.buffer_before_minutes, calendar.before_minutes)
                    - case when a.id = any(next_door) then calendar.travel_minutes else 0 end
                ) as before,
                calendar.before + make_interval(
                    mins => coalesce(a.buffer_after_minutes, calendar.after_minutes)
                    - case when a.id = any(next_door) then calendar.travel_minutes else 0 end
                ) as after
            from public.appointments as a
            where
                a.organization_id = calendar.organization_id
                and a.scheduled_date between target_date - 1 and target_date + 1
                and a.status in ('pending', 'confirmed')
                and a.busy && reach
                and (moving is null or a.id <> moving)
            union all
            select
                h.crew,
                h.busy,
                calendar.after + make_interval(mins => coalesce(h.buffer_before_minutes, calendar.before_minutes)),
                calendar.before + make_interval(mins => coalesce(h.buffer_after_minutes, calendar.after_minutes))
            from private.slot_holds as h
            where
                h.organization_id = calendar.organization_id
                and h.scheduled_date between target_date - 1 and target_date + 1
                and h.expires_at > calendar.clock
                and h.vapi_call_id is distinct from call_id
        ) as b
        -- Crews from before the capacity was lowered are none of those that can be sent now.
        where b.crew <= calendar.capacity and (calendar.able is null or b.crew = any(calendar.able))
        group by b.crew
    );

    select
        array_agg(s.starts_at),
        array_agg(upper(s.span)),
        array_agg(is_day and s.in_time and (select count(*) from unnest(taken) as t (spans) where t.spans && s.span) < crews),
        count(*) filter (where s.in_time and target_date >= calendar.first_day)
    into starts_at, ends_at, is_free, in_time
    from (
        select
            g.starts_at,
            case
                when is_plain then tsrange(g.starts_at, g.starts_at + length)
                else private.busy_range(g.starts_at, calendar.minutes, calendar.zone)
            end as span,
            case
                when is_plain then g.starts_at >= calendar.earliest_local
                else private.first_instant(g.starts_at, calendar.zone) >= calendar.earliest
            end as in_time
        from unnest(windows) as w (span)
        cross join lateral generate_series(lower(w.span), upper(w.span) - length, calendar.step) as g (starts_at)
        where
            g.starts_at >= target_date and g.starts_at < target_date + 1
            and (
                is_plain
                or private.first_instant(g.starts_at, calendar.zone) is not null
                and upper(private.busy_range(g.starts_at, calendar.minutes, calendar.zone)) <= upper(w.span)
            )
        group by g.starts_at
        order by g.starts_at
    ) as s;
end
$$;

revoke execute on function private.slots_on(private.calendar, date, text, uuid) from public;
