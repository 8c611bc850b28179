-- What a search for free time knows before it looks at a day (private.calendar), read once however many days it looks at.
create or replace function private.calendar_of(org_id uuid, needs private.visit) returns private.calendar
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    calendar private.calendar;
    rules record;
begin
    if needs.minutes is null or needs.minutes not between 1 and 480 then
        raise invalid_parameter_value using message = format(
            'slot_duration must be between 1 and 480 minutes, not %s', coalesce(needs.minutes::text, 'null')
        );
    end if;
    perform private.require_organization(org_id);
    select o.id, coalesce(o.timezone, 'America/New_York'), o.settings
    into calendar.organization_id, calendar.zone, calendar.settings
    from public.organizations as o
    where o.id = org_id;
    if not found then
        raise no_data_found using message = 'organization not found';
    end if;
    rules := private.booking_rules(calendar.settings);
    calendar.capacity := rules.capacity;
    calendar.step := rules.step;
    calendar.before_minutes := rules.before_minutes;
    calendar.after_minutes := rules.after_minutes;
    calendar.travel_minutes := rules.travel_minutes;
    -- Between a visit and this one lies what both need, and the way; none between two at the same address.
    calendar.minutes := needs.minutes;
    calendar.before := make_interval(mins => coalesce(needs.before_minutes, rules.before_minutes) + rules.travel_minutes);
    calendar.after := make_interval(mins => coalesce(needs.after_minutes, rules.after_minutes) + rules.travel_minutes);
    calendar.address_key := needs.address_key;
    calendar.able := case when needs.skill is not null then private.able_crews(org_id, rules.capacity, needs.skill) end;
    calendar.comes_there :=
        case when calendar.settings ? 'area' then private.serves(calendar.settings, needs.postal_code) else true end;
    calendar.clock := private.clock();
    calendar.today := (calendar.clock at time zone calendar.zone)::date;
    calendar.earliest := calendar.clock + rules.lead_time;
    calendar.earliest_local := calendar.earliest at time zone calendar.zone;
    calendar.first_day := calendar.today + rules.lead_days;
    calendar.last_day := calendar.today + rules.horizon_days;
    return calendar;
end
$$;

revoke execute on function private.calendar_of(uuid, private.visit) from public;
grant execute on function private.calendar_of(uuid, private.visit) to frontdesk_app;
