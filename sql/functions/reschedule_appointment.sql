-- Moves an appointment, or says why not and leaves it where it is. It asks the function that booking asks, without the appointment itself, so that
-- an appointment may move into its own time; under the organization's lock, and before it waits for that.
--
-- While it is not known what linked calendars say, a confirmed appointment becomes pending, until private.confirm_appointments() finds its new time
-- free. One that was pending for that alone is confirmed where its new time is known to be free. What the office left pending stays so.
--
-- One row `moved`, `unchanged` (it is there already), `gone` (cancelled or done meanwhile) or `begun`; a refusal comes as slots that
-- are free instead, as private.book_appointment() gives them. private.is_unconfirmed() tells whether it waits for linked calendars.
create or replace function private.reschedule_appointment(
    org_id uuid,
    appointment uuid,
    call_id text,
    wanted_date date,
    wanted_time time
)
returns table (outcome text, slot_date date, start_time time, end_time time)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    visit record;
    needs private.visit;
    is_free boolean;
    is_locked boolean;
    is_stale boolean;
    waits boolean;
    why text;
begin
    perform private.require_organization(org_id);
    is_locked := private.try_lock_organization(org_id);
    loop
        select
            a.status, a.scheduled_date, a.scheduled_time, a.duration_minutes, a.buffer_before_minutes, a.buffer_after_minutes,
            a.required_skill,
            -- Where it is matters only to a way that takes time.
            case
                when exists (select from private.calendars as k where k.organization_id = org_id and k.travel_minutes > 0)
                    then coalesce(a.address_parts, private.address_parts(a.service_address))::text
            end as address_key,
            o.now_local
        into visit
        from public.appointments as a
        cross join lateral (
            select private.clock() at time zone private.time_zone(o.timezone) as now_local
            from public.organizations as o
            where o.id = org_id
        ) as o
        where a.organization_id = org_id and a.id = appointment and a.status in ('pending', 'confirmed');
        if not found then
            return query select 'gone', null::date, null::time, null::time;
            return;
        elsif visit.scheduled_date + visit.scheduled_time <= visit.now_local then
            return query select 'begun', visit.scheduled_date, visit.scheduled_time, null::time;
            return;
        end if;
        waits := visit.status = 'pending'
            and exists (select from private.unconfirmed_appointments as u where u.appointment_id = appointment);
        if (visit.scheduled_date, visit.scheduled_time) = (wanted_date, wanted_time) then
            if waits then
                perform set_config('frontdesk.unconfirmed', appointment::text, true);
            end if;
            return query select 'unchanged', wanted_date, wanted_time, null::time;
            return;
        end if;
        needs := row(
            visit.duration_minutes, visit.buffer_before_minutes, visit.buffer_after_minutes, visit.required_skill,
            visit.address_key, null
        );
        is_free := private.is_free(org_id, wanted_date, wanted_time, needs, call_id, appointment);
        exit when is_locked or is_free is not true;
        perform private.lock_organization(org_id);
        is_locked := true;
    end loop;
    if is_free then
        begin
            is_stale := exists (
                select from private.calendars as k where k.organization_id = org_id and k.fresh_until <= private.clock()
            );
            if is_stale and visit.status = 'confirmed' then
                insert into private.unconfirmed_appointments (appointment_id, organization_id)
                values (appointment, org_id)
                on conflict do nothing;
                waits := true;
            end if;
            update public.appointments as a
            set
                scheduled_date = wanted_date,
                scheduled_time = wanted_time,
                -- As it is now: somebody may have cancelled it meanwhile.
                status = case
                    when is_stale and a.status = 'confirmed' then 'pending'
                    when waits and not is_stale and a.status = 'pending' then 'confirmed'
                    else a.status
                end
            where a.id = appointment and a.organization_id = org_id;
            if is_stale and waits then
                perform set_config('frontdesk.unconfirmed', appointment::text, true);
            end if;
            perform private.release_hold(org_id, call_id);
            return query
            select 'moved', wanted_date, wanted_time, wanted_time + make_interval(mins => needs.minutes);
            return;
        exception
            -- Somebody who does not take the lock was first; the appointment stays where it is.
            when exclusion_violation then why := 'taken';
        end;
    end if;
    why := coalesce(why, private.refusal(org_id, wanted_date, wanted_time, needs, is_free is not null));
    return query
    select case when c.reason = 'no_crew' then c.reason else why end, c.slot_date, c.start_time, c.end_time
    from private.check_availability(org_id, wanted_date, needs, call_id, appointment) as c;
end
$$;

revoke execute on function private.reschedule_appointment(uuid, uuid, text, date, time) from public;
grant execute on function private.reschedule_appointment(uuid, uuid, text, date, time) to frontdesk_app;
