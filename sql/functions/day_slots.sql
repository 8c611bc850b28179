-- Every slot that starts on a day and lies within the opening hours, in order, with whether it can be booked. Checking,
-- holding, booking and moving all ask this function. What the call `call_id` holds is free to it, and the visit `moving` is not
-- in its own way.
--
-- A slot can be booked when a crew that is able to do the visit is free for it, with what lies between two visits on both
-- sides (private.booking_rules()), when the firm comes to where it is as far as that is known, when it starts no sooner than the lead time allows, and when its day is within the horizon. Windows belong to the day on which they
-- start, so the part after midnight of yesterday's window is found here too, on that window's own grid. A local time that
-- the clocks skip is not listed, one that comes twice is listed once.
--
-- Compiling the plan just in time would take half a second for a statement of less than a millisecond, and planning it anew
-- for each call takes three times as long as running it.
--
-- The day's visits are read in one index-only scan and joined as ranges; a query for each slot took four times as long.
drop function if exists private.day_slots(uuid, date, integer, text, uuid);

create or replace function private.day_slots(
    org_id uuid,
    target_date date,
    needs private.visit,
    call_id text,
    moving uuid
)
returns table (start_time time, end_time time, is_available boolean)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    organization record;
    rules record;
    zone text;
    clock timestamptz;
    earliest timestamptz;
    earliest_local timestamp;
    first_day date;
    last_day date;
    is_plain boolean;
    comes_there boolean;
    able integer[];
    next_door uuid[];
    before interval;
    after interval;
begin
    if target_date is null then
        raise null_value_not_allowed using message = 'target_date must be given';
    end if;
    if needs.minutes is null or needs.minutes not between 1 and 480 then
        raise invalid_parameter_value using message = format(
            'slot_duration must be between 1 and 480 minutes, not %s', coalesce(needs.minutes::text, 'null')
        );
    end if;
    perform private.require_organization(org_id);
    select o.timezone, o.settings into organization from public.organizations as o where o.id = org_id;
    if not found then
        raise no_data_found using message = 'organization not found';
    end if;
    zone := coalesce(organization.timezone, 'America/New_York');
    rules := private.booking_rules(organization.settings);
    clock := private.clock();
    earliest := clock + rules.lead_time;
    earliest_local := earliest at time zone zone;
    first_day := (clock at time zone zone)::date + rules.lead_days;
    last_day := (clock at time zone zone)::date + rules.horizon_days;
    -- Where the clocks stand still from the day before to the day after, the clock's own arithmetic is right.
    is_plain :=
        ((target_date + 2)::timestamp at time zone zone) - ((target_date - 1)::timestamp at time zone zone)
        = interval '72 hours';
    comes_there := private.serves(organization.settings, needs.postal_code);
    able := private.able_crews(org_id, rules.capacity, needs.skill);
    -- Between a visit and this one lies what both need, and the way; none between two at the same address.
    before := make_interval(mins => coalesce(needs.before_minutes, rules.before_minutes) + rules.travel_minutes);
    after := make_interval(mins => coalesce(needs.after_minutes, rules.after_minutes) + rules.travel_minutes);
    if rules.travel_minutes > 0 and needs.address_key is not null then
        next_door := private.visits_at(org_id, target_date, needs.address_key);
    end if;

    return query
    with slots as (
        select
            g.starts_at,
            case
                when is_plain then tsrange(g.starts_at, g.starts_at + make_interval(mins => needs.minutes))
                else private.busy_range(g.starts_at, needs.minutes, zone)
            end as span,
            case when not is_plain then private.first_instant(g.starts_at, zone) end as instant,
            upper(w.span) as closes_at
        from private.windows_reaching(org_id, organization.settings, target_date) as w (span)
        cross join lateral generate_series(
            lower(w.span), upper(w.span) - make_interval(mins => needs.minutes), rules.step
        ) as g (starts_at)
        where g.starts_at >= target_date and g.starts_at < target_date + 1
    ),

    busy as (
        select
            a.crew,
            a.busy as span,
            after + make_interval(mins => coalesce(a.buffer_before_minutes, rules.before_minutes)) - d.saved as before,
            before + make_interval(mins => coalesce(a.buffer_after_minutes, rules.after_minutes)) - d.saved as after
        from public.appointments as a
        cross join lateral (
            select make_interval(mins => case when a.id = any(next_door) then rules.travel_minutes else 0 end) as saved
        ) as d
        where
            a.organization_id = org_id
            -- A visit lasts at most 8 hours and what lies between two at most 12, so none further away can reach this day.
            and a.scheduled_date between target_date - 1 and target_date + 1
            and a.status in ('pending', 'confirmed')
            and (moving is null or a.id <> moving)
        union all
        select
            h.crew,
            h.busy,
            after + make_interval(mins => coalesce(h.buffer_before_minutes, rules.before_minutes)),
            before + make_interval(mins => coalesce(h.buffer_after_minutes, rules.after_minutes))
        from private.slot_holds as h
        where
            h.organization_id = org_id
            and h.scheduled_date between target_date - 1 and target_date + 1
            and h.expires_at > clock
            and h.vapi_call_id is distinct from call_id
    ),

    taken as materialized (
        select
            b.crew,
            range_agg(
                case
                    when is_plain then tsrange(lower(b.span) - b.before, upper(b.span) + b.after)
                    else private.busy_range(b.span, b.before, b.after, zone)
                end
            ) as spans
        from busy as b
        -- Crews from before the capacity was lowered are none of those that can be sent now.
        where b.crew <= rules.capacity and (able is null or b.crew = any(able))
        group by b.crew
    )

    select
        s.starts_at::time,
        upper(s.span)::time,
        comes_there is not false
        and target_date between first_day and last_day
        and case when is_plain then s.starts_at >= earliest_local else s.instant >= earliest end
        and (select count(*) from taken as t where t.spans && s.span) < coalesce(cardinality(able), rules.capacity)
    from slots as s
    where (is_plain or s.instant is not null) and upper(s.span) <= s.closes_at
    group by s.starts_at, s.span, s.instant
    order by s.starts_at;
end
$$;

revoke execute on function private.day_slots(uuid, date, private.visit, text, uuid) from public;
grant execute on function private.day_slots(uuid, date, private.visit, text, uuid) to frontdesk_app;
