-- What can be offered for a day. `reason` is about that day: `open`, and the rows are its free slots; else why there are
-- none (`past`, `closed`, `too_long`, `too_soon`, `too_far`, `full`; `out_of_area` and `no_crew`, on any day), and the rows are the free slots of the next day that
-- has any within the horizon, or of the last one when the day lies beyond it. One row of nulls when there is no such day.
--
-- What the call `call_id` holds is free to it, and the visit `moving` is not in its own way.
drop function if exists private.check_availability(uuid, date, integer);
drop function if exists private.check_availability(uuid, date, integer, text, uuid);

create or replace function private.check_availability(
    org_id uuid,
    target_date date,
    needs private.visit,
    call_id text,
    moving uuid
)
returns table (reason text, slot_date date, start_time time, end_time time)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    organization record;
    rules record;
    first_day date;
    last_day date;
    slots integer;
    free integer;
    in_time integer;
    why text;
    day date;
begin
    perform private.require_organization(org_id);
    select coalesce(o.timezone, 'America/New_York') as zone, o.settings
    into organization
    from public.organizations as o
    where o.id = org_id;
    if not found then
        raise no_data_found using message = 'organization not found';
    end if;
    rules := private.booking_rules(organization.settings);
    first_day := (private.clock() at time zone organization.zone)::date;
    last_day := first_day + rules.horizon_days;

    if not private.serves(organization.settings, needs.postal_code) then
        return query select 'out_of_area', null::date, null::time, null::time;
        return;
    elsif private.able_crews(org_id, rules.capacity, needs.skill) = '{}' then
        return query select 'no_crew', null::date, null::time, null::time;
        return;
    elsif target_date < first_day then
        why := 'past';
    elsif target_date > last_day then
        why := 'too_far';
    else
        return query
        select 'open', target_date, s.start_time, s.end_time
        from private.day_slots(org_id, target_date, needs, call_id, moving) as s
        where s.is_available;
        if found then
            return;
        end if;
        select
            count(*),
            count(*) filter (
                where
                    private.first_instant(target_date + s.start_time, organization.zone)
                    >= private.clock() + rules.lead_time
                    and target_date >= first_day + rules.lead_days
            )
        into slots, in_time
        from private.day_slots(org_id, target_date, needs, call_id, moving) as s;
        why := case
            when slots > 0 and in_time = 0 then 'too_soon'
            when slots > 0 then 'full'
            when private.is_open(org_id, organization.settings, target_date) then 'too_long'
            else 'closed'
        end;
    end if;

    for day in
        select d.day::date
        from generate_series(
            case when why = 'too_far' then last_day else greatest(target_date + 1, first_day) end,
            case when why = 'too_far' then greatest(last_day - 31, first_day) else last_day end,
            case when why = 'too_far' then interval '-1 day' else interval '1 day' end
        ) as d (day)
    loop
        return query
        select why, day, s.start_time, s.end_time
        from private.day_slots(org_id, day, needs, call_id, moving) as s
        where s.is_available;
        if found then
            return;
        end if;
    end loop;
    return query select why, null::date, null::time, null::time;
end
$$;

revoke execute on function private.check_availability(uuid, date, private.visit, text, uuid) from public;
grant execute on function private.check_availability(uuid, date, private.visit, text, uuid) to frontdesk_app;
