-- Why each time of a day is or is not offered, for an operator. `offered` and the end of a slot are what private.search_day() says, the
-- reason of a slot that is not offered is what private.check_availability() or private.refusal() would say to a caller: it holds no rule of
-- its own. Beside the slots come the other starts on the grid of the opening hours, at which an appointment would not end in time, and the
-- stretches outside the hours (`is_slot` null), each with its reason; with `wanted_time` only that time.
--
-- `crews` tells of each crew that could be sent what is in its way, where that is the reason: the appointments and holds whose time, with what lies
-- between two appointments on both sides, meets the slot.
create or replace function private.explain_day(
    org_id uuid,
    target_date date,
    needs private.visit,
    wanted_time time
)
returns table (
    starts_at timestamp, ends_at timestamp, is_slot boolean, offered boolean, reason text, crews jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    rules private.calendars;
    day record;
    hours tsmultirange;
    next_door uuid[];
begin
    perform private.require_organization(org_id);
    day := private.search_day(org_id, target_date, needs, null, null);
    select k.* into strict rules from private.calendars as k where k.organization_id = org_id;
    select coalesce(range_agg(w.span), '{}') into hours
    from unnest(private.windows_reaching(org_id, rules.weekly, target_date)) as w (span);
    if rules.travel_minutes > 0 and needs.address_key is not null then
        next_door := private.appointments_at(org_id, target_date, needs.address_key);
    end if;

    return query
    with slots as (
        select s.starts_at, s.ends_at, s.is_free
        from unnest(day.starts_at, day.ends_at, day.is_free) as s (starts_at, ends_at, is_free)
    ),

    candidates as (
        select s.starts_at, s.ends_at, true as is_slot, s.is_free
        from slots as s
        where wanted_time is null or s.starts_at = target_date + wanted_time
        union all
        -- The rest of the grid.
        select distinct g.starts_at, upper(private.busy_range(g.starts_at, needs.minutes, rules.zone)), false, false
        from unnest(private.windows_reaching(org_id, rules.weekly, target_date)) as w (span)
        cross join lateral generate_series(lower(w.span), upper(w.span) - interval '1 minute', rules.step) as g (starts_at)
        where
            wanted_time is null
            and g.starts_at >= target_date and g.starts_at < target_date + 1
            and not exists (select from slots as s where s.starts_at = g.starts_at)
        union all
        select lower(c.span), upper(c.span), null, false
        from unnest(tsmultirange(tsrange(target_date, target_date + 1)) - hours) as c (span)
        where wanted_time is null
        union all
        select
            target_date + wanted_time,
            upper(private.busy_range(target_date + wanted_time, needs.minutes, rules.zone)),
            false,
            false
        where wanted_time is not null and not exists (select from slots as s where s.starts_at = target_date + wanted_time)
    ),

    explained as (
        select
            c.*,
            case
                when c.is_free then 'open'
                -- As private.check_availability() does: these two hold on any day.
                when day.comes_there is false then 'out_of_area'
                when day.able = '{}' then 'no_crew'
                -- Of a stretch outside the hours that is what matters, however soon it begins.
                when
                    c.is_slot is null
                    and target_date - (private.clock() at time zone rules.zone)::date between 0 and rules.horizon_days
                    then 'closed'
                else private.refusal(org_id, target_date, c.starts_at::time, needs, coalesce(c.is_slot, false))
            end as reason
        from candidates as c
    )

    select
        e.starts_at,
        e.ends_at,
        e.is_slot,
        e.is_free,
        e.reason,
        case when e.reason = 'taken' then private.busy_crews(
            org_id, tsrange(e.starts_at, e.ends_at), needs, rules, day.able, next_door
        ) end
    from explained as e
    order by e.starts_at, e.is_slot nulls first;
end
$$;

revoke execute on function private.explain_day(uuid, date, private.visit, time) from public;
