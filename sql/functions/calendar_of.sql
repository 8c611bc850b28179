-- What a search for free time knows before it looks at a day (private.calendar), read once however many days it looks at.
create or replace function private.calendar_of(org_id uuid, needs private.visit) returns private.calendar
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    calendar private.calendar;
begin
    if needs.minutes is null or needs.minutes not between 1 and 480 then
        raise invalid_parameter_value using message = format(
            'slot_duration must be between 1 and 480 minutes, not %s', coalesce(needs.minutes::text, 'null')
        );
    end if;
    perform private.require_organization(org_id);
    select
        k.organization_id, k.zone, k.weekly, k.capacity, k.step, k.before_minutes, k.after_minutes, k.travel_minutes,
        -- Between a visit and this one lies what both need, and the way; none between two at the same address.
        needs.minutes,
        make_interval(mins => coalesce(needs.before_minutes, k.before_minutes) + k.travel_minutes),
        make_interval(mins => coalesce(needs.after_minutes, k.after_minutes) + k.travel_minutes),
        needs.address_key,
        case when needs.skill is not null then private.able_crews(org_id, k.capacity, needs.skill) end,
        case when k.postal_codes is null then true else private.serves(k.postal_codes, needs.postal_code) end,
        t.clock,
        t.today,
        t.clock + k.lead_time,
        (t.clock + k.lead_time) at time zone k.zone,
        t.today + k.lead_days,
        t.today + k.horizon_days
    into calendar
    from private.calendars as k
    cross join lateral (
        select c.clock, (c.clock at time zone k.zone)::date as today
        from private.clock() as c (clock)
    ) as t
    where k.organization_id = org_id;
    if not found then
        raise no_data_found using message = 'organization not found';
    end if;
    return calendar;
end
$$;

revoke execute on function private.calendar_of(uuid, private.visit) from public;
grant execute on function private.calendar_of(uuid, private.visit) to frontdesk_app;
