-- Every slot that starts on a day and lies within the opening hours, in order: when it starts and ends, and whether it can be booked;
-- and what the search for another day needs to know. `in_time` is how many of them start no sooner than the organization's rules
-- allow, taken or not; `is_open` is whether there are opening hours at all, which may be too short for the appointment; `able` has the crews
-- that can be sent (null: all), `comes_there` whether the business comes there (null: not known).
--
-- A slot can be booked when a crew that is able to do the appointment is free for it, with what lies between two appointments on both
-- sides (private.booking_rules()), when the business comes to where it is as far as that is known, when it starts no sooner than the
-- lead time allows, and when its day is within the horizon. Windows belong to the day on which they start, so the part after midnight
-- of yesterday's window is found here too, on that window's own grid. A local time that the clocks skip is not listed, one that comes
-- twice is listed once. What the call `call_id` holds is free to it, and the appointment `moving` is not in its own way.
--
-- One statement: each further one, and each expression beside it, is made ready anew in every transaction, which took most of the
-- time when this was a dozen functions. The day's appointments are read in one index-only scan and joined as ranges.
create or replace function private.search_day(
    org_id uuid,
    target_date date,
    needs private.visit,
    call_id text,
    moving uuid,
    out today date,
    out last_day date,
    out comes_there boolean,
    out able integer[],
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
begin
    if needs.minutes is null or needs.minutes not between 1 and 480 then
        raise invalid_parameter_value using message = format(
            'slot_duration must be between 1 and 480 minutes, not %s', coalesce(needs.minutes::text, 'null')
        );
    end if;
    select
        c.today, c.today + c.horizon_days, c.comes_there, c.able, s.starts_at, s.ends_at, s.is_free, s.in_time, w.windows <> '{}'
    into today, last_day, comes_there, able, starts_at, ends_at, is_free, in_time, is_open
    from (
        select
            k.*,
            n.clock,
            (n.clock at time zone k.zone)::date as today,
            n.clock + k.lead_time as earliest,
            (n.clock + k.lead_time) at time zone k.zone as earliest_local,
            make_interval(mins => needs.minutes) as length,
            -- Between an appointment and this one lies what both need, and the way; none between two at the same address.
            make_interval(mins => coalesce(needs.before_minutes, k.before_minutes) + k.travel_minutes) as before,
            make_interval(mins => coalesce(needs.after_minutes, k.after_minutes) + k.travel_minutes) as after,
            case
                when k.travel_minutes > 0 and needs.address_key is not null
                    then private.appointments_at(org_id, target_date, needs.address_key)
            end as next_door,
            case when needs.skill is not null then private.able_crews(org_id, k.capacity, needs.skill) end as able,
            case when k.postal_codes is null then true else private.serves(k.postal_codes, needs.postal_code) end as comes_there,
            -- Where the clocks stand still from the day before to the day after, the clock's own arithmetic is right.
            ((target_date + 2)::timestamp at time zone k.zone) - ((target_date - 1)::timestamp at time zone k.zone)
            = interval '72 hours' as is_plain,
            -- The same weekday in the model week.
            date '2000-12-31' + extract(isodow from target_date)::integer as model
        from private.calendars as k
        cross join private.clock() as n (clock)
        where k.organization_id = org_id
        offset 0
    ) as c
    cross join lateral (
        select
            case
                when exists (
                    select from public.special_days as d
                    where d.organization_id = org_id and d.special_date in (target_date - 1, target_date)
                )
                    then private.windows_reaching(org_id, c.weekly, target_date)
                else array(
                    select tsrange(
                        lower(v.span) + make_interval(days => target_date - c.model),
                        upper(v.span) + make_interval(days => target_date - c.model)
                    )
                    from unnest(c.weekly) as v (span)
                    where lower(v.span) >= c.model - 1 and lower(v.span) < c.model + 1 and upper(v.span) > c.model
                )
            end as windows
        offset 0
    ) as w
    cross join lateral (
        select array(
            select
                range_agg(
                    case
                        when c.is_plain then tsrange(lower(b.span) - b.before, upper(b.span) + b.after)
                        else private.busy_range(b.span, b.before, b.after, c.zone)
                    end
                )
            from (
                select
                    a.crew,
                    a.busy as span,
                    c.after + make_interval(
                        mins => coalesce(a.buffer_before_minutes, c.before_minutes)
                        - case when a.id = any(c.next_door) then c.travel_minutes else 0 end
                    ) as before,
                    c.before + make_interval(
                        mins => coalesce(a.buffer_after_minutes, c.after_minutes)
                        - case when a.id = any(c.next_door) then c.travel_minutes else 0 end
                    ) as after
                from public.appointments as a
                where
                    w.windows <> '{}'
                    and a.organization_id = org_id
                    -- An appointment lasts at most 8 hours and what lies between two at most 12, so none further away can reach this day.
                    and a.scheduled_date between target_date - 1 and target_date + 1
                    and a.status in ('pending', 'confirmed')
                    and (moving is null or a.id <> moving)
                union all
                select
                    h.crew,
                    h.busy,
                    c.after + make_interval(mins => coalesce(h.buffer_before_minutes, c.before_minutes)),
                    c.before + make_interval(mins => coalesce(h.buffer_after_minutes, c.after_minutes))
                from private.slot_holds as h
                where
                    w.windows <> '{}'
                    and h.organization_id = org_id
                    and h.scheduled_date between target_date - 1 and target_date + 1
                    and h.expires_at > c.clock
                    and h.vapi_call_id is distinct from call_id
                union all
                -- What linked calendars say, of a crew and of the whole organization.
                select n.crew, u.span, u.after, u.before
                from private.busy_days as d
                cross join lateral (
                    select t.span, c.after, c.before from unnest(d.timed) as t (span)
                    union all
                    select t.span, interval '0', interval '0' from unnest(d.whole) as t (span)
                ) as u
                cross join lateral generate_series(
                    greatest(d.crew, 1), case when d.crew = 0 then c.capacity else d.crew end
                ) as n (crew)
                where
                    w.windows <> '{}'
                    and d.organization_id = org_id
                    and d.day between target_date - 1 and target_date + 1
            ) as b
            -- Crews from before the capacity was lowered are none of those that can be sent now.
            where b.crew <= c.capacity and (c.able is null or b.crew = any(c.able))
            group by b.crew
        ) as spans
        offset 0
    ) as t
    cross join lateral (
        select
            array_agg(g.starts_at) as starts_at,
            array_agg(upper(g.span)) as ends_at,
            array_agg(
                g.in_time
                and c.comes_there is not false
                and target_date between c.today + c.lead_days and c.today + c.horizon_days
                and (select count(*) from unnest(t.spans) as u (span) where u.span && g.span)
                < coalesce(cardinality(c.able), c.capacity)
            ) as is_free,
            count(*) filter (where g.in_time and target_date >= c.today + c.lead_days) as in_time
        from (
            select
                p.starts_at,
                case
                    when c.is_plain then tsrange(p.starts_at, p.starts_at + c.length)
                    else private.busy_range(p.starts_at, needs.minutes, c.zone)
                end as span,
                case
                    when c.is_plain then p.starts_at >= c.earliest_local
                    else private.first_instant(p.starts_at, c.zone) >= c.earliest
                end as in_time
            from unnest(w.windows) as v (span)
            cross join lateral generate_series(lower(v.span), upper(v.span) - c.length, c.step) as p (starts_at)
            where
                p.starts_at >= target_date and p.starts_at < target_date + 1
                and (
                    c.is_plain
                    or private.first_instant(p.starts_at, c.zone) is not null
                    and upper(private.busy_range(p.starts_at, needs.minutes, c.zone)) <= upper(v.span)
                )
            group by p.starts_at
            order by p.starts_at
        ) as g
    ) as s;
    if not found then
        raise no_data_found using
            message = 'organization not found',
            hint = 'if it exists, its settings were restored without triggers: run frontdesk migrate';
    end if;
end
$$;

revoke execute on function private.search_day(uuid, date, private.visit, text, uuid) from public;
