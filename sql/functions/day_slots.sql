-- Every slot that starts on a day and lies within the opening hours, in order, with whether it can be booked. Checking,
-- holding, booking and moving all ask this function. What the call `call_id` holds is free to it, and the visit `moving` is not
-- in its own way.
--
-- A slot can be booked when a crew is free for it, with the gap that lies between two visits on both sides, when it starts
-- no sooner than the lead time allows, and when its day is within the horizon. Windows belong to the day on which they
-- start, so the part after midnight of yesterday's window is found here too, on that window's own grid. A local time that
-- the clocks skip is not listed, one that comes twice is listed once.
--
-- Compiling the plan just in time would take half a second for a statement of less than a millisecond, and planning it anew
-- for each call takes three times as long as running it.
--
-- The day's visits are read in one index-only scan and joined as ranges; a query for each slot took four times as long.
create or replace function private.day_slots(
    org_id uuid,
    target_date date,
    slot_duration integer,
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
    last_day date;
    is_plain boolean;
begin
    if target_date is null then
        raise null_value_not_allowed using message = 'target_date must be given';
    end if;
    if slot_duration is null or slot_duration not between 1 and 480 then
        raise invalid_parameter_value using message = format(
            'slot_duration must be between 1 and 480 minutes, not %s', coalesce(slot_duration::text, 'null')
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
    last_day := (clock at time zone zone)::date + rules.horizon_days;
    -- Where the clocks stand still from the day before to the day after, the clock's own arithmetic is right.
    is_plain :=
        ((target_date + 2)::timestamp at time zone zone) - ((target_date - 1)::timestamp at time zone zone)
        = interval '72 hours';

    return query
    with slots as (
        select
            g.starts_at,
            case
                when is_plain then tsrange(g.starts_at, g.starts_at + make_interval(mins => slot_duration))
                else private.busy_range(g.starts_at, slot_duration, zone)
            end as span,
            case when not is_plain then private.first_instant(g.starts_at, zone) end as instant,
            upper(w.span) as closes_at
        from private.windows_reaching(org_id, organization.settings, target_date) as w (span)
        cross join lateral generate_series(
            lower(w.span), upper(w.span) - make_interval(mins => slot_duration), rules.step
        ) as g (starts_at)
        where g.starts_at >= target_date and g.starts_at < target_date + 1
    ),

    busy as (
        select
            a.crew,
            a.busy as span
        from public.appointments as a
        where
            a.organization_id = org_id
            -- A visit lasts at most 8 hours and a gap at most 8, so none further away can reach this day.
            and a.scheduled_date between target_date - 1 and target_date + 1
            and a.status in ('pending', 'confirmed')
            -- Without an index on it, only where a visit is moved.
            and (moving is null or a.id <> moving)
        union all
        select
            h.crew,
            h.busy
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
                    when is_plain then tsrange(lower(b.span) - rules.gap, upper(b.span) + rules.gap)
                    else private.busy_range(b.span, rules.gap, zone)
                end
            ) as spans
        from busy as b
        -- Crews from before the capacity was lowered are none of those that can be sent now.
        where b.crew <= rules.capacity
        group by b.crew
    )

    select
        s.starts_at::time,
        upper(s.span)::time,
        target_date <= last_day
        and case when is_plain then s.starts_at >= earliest_local else s.instant >= earliest end
        and (select count(*) from taken as t where t.spans && s.span) < rules.capacity
    from slots as s
    where (is_plain or s.instant is not null) and upper(s.span) <= s.closes_at
    group by s.starts_at, s.span, s.instant
    order by s.starts_at;
end
$$;

revoke execute on function private.day_slots(uuid, date, integer, text, uuid) from public;
grant execute on function private.day_slots(uuid, date, integer, text, uuid) to frontdesk_app;
