-- Books an appointment, or says why not. It asks the function that the check asks, so that both hold to the same rules, under the
-- organization's lock. While another has the lock it asks before it waits too, so that the many who come too late do not wait in line.
-- The table's constraint stands behind both.
--
-- `booked` and `already_booked` (this call has that very slot) come as one row with the appointment and the name that it is
-- under, which for an earlier one need not be the name given now; private.is_unconfirmed() tells whether it waits for linked calendars. A refusal
-- comes as slots that are free instead, as private.check_availability() gives them, with the appointment that the customer's number has at that
-- time, if any, under one of: `past`, `too_far`, `no_such_time`
-- (the clocks skip it), `too_soon`, `taken`, `off_grid` (open then, but appointments do not start at that minute), `too_long`,
-- `closed`, `out_of_area`, `no_crew`. `no_postal_code` comes without a slot: whether the business comes there depends on it.
create or replace function private.book_appointment(
    org_id uuid,
    call_id text,
    name text,
    phone text,
    wanted_date date,
    wanted_time time,
    minutes integer,
    kind text,
    address text,
    description text,
    language text,
    service uuid,
    postal_code text
)
returns table (outcome text, appointment_id uuid, booked_name text, slot_date date, start_time time, end_time time)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    booked uuid;
    booked_as text;
    is_free boolean;
    is_locked boolean;
    why text;
    -- A code that is not known is none that the business comes to, where it does not come everywhere.
    needs constant private.visit := case
        when service is null and address is null
            then row(coalesce(minutes, 60), null, null, null, null, coalesce(postal_code, ''))::private.visit
        else private.service_requirements(org_id, service, minutes, address, coalesce(postal_code, ''))
    end;
begin
    perform private.require_organization(org_id);
    is_locked := private.try_lock_organization(org_id);
    loop
        is_free := private.is_free(org_id, wanted_date, wanted_time, needs, call_id, null);
        -- Looked for second, so that a call that asks twice at once finds its own appointment behind a slot that is gone.
        select a.id, a.customer_name
        into booked, booked_as
        from public.appointments as a
        where
            a.organization_id = org_id
            and a.vapi_call_id = call_id
            and a.scheduled_date = wanted_date
            and a.scheduled_time = wanted_time
            and a.status in ('pending', 'confirmed')
        order by a.created_at, a.id
        limit 1;
        if found then
            if exists (select from private.unconfirmed_appointments as u where u.appointment_id = booked) then
                perform set_config('frontdesk.unconfirmed', booked::text, true);
            end if;
            outcome := 'already_booked';
            appointment_id := booked;
            booked_name := booked_as;
            slot_date := wanted_date;
            start_time := wanted_time;
            return next;
            return;
        end if;
        exit when is_locked or is_free is not true;
        perform private.lock_organization(org_id);
        is_locked := true;
    end loop;
    if is_free then
        begin
            booked := private.write_appointment(
                org_id, call_id, null, name, phone, wanted_date, wanted_time, needs.minutes, kind, address, description, language,
                service, postal_code
            );
            -- What it held was for this.
            if exists (
                select from private.calendars as k where k.organization_id = org_id and k.held_until > private.clock()
            ) then
                perform private.release_hold(org_id, call_id);
            end if;
            outcome := 'booked';
            appointment_id := booked;
            booked_name := left(name, 255);
            slot_date := wanted_date;
            start_time := wanted_time;
            end_time := wanted_time + make_interval(mins => needs.minutes);
            return next;
            return;
        exception
            -- Somebody who does not take the lock was first; the customer goes with the appointment.
            when exclusion_violation then why := 'taken';
        end;
    end if;

    why := coalesce(why, private.refusal(org_id, wanted_date, wanted_time, needs, is_free is not null));
    return query
    select
        case
            when c.reason = 'out_of_area' and postal_code is null then 'no_postal_code'
            when c.reason in ('out_of_area', 'no_crew') then c.reason
            else why
        end,
        (
            select a.id from public.appointments as a
            where
                a.organization_id = org_id
                and a.customer_phone = phone
                and a.scheduled_date = wanted_date
                and a.scheduled_time = wanted_time
                and a.status in ('pending', 'confirmed')
            limit 1
        ),
        null::text, c.slot_date, c.start_time, c.end_time
    from private.check_availability(org_id, wanted_date, needs, call_id, null) as c;
end
$$;

revoke execute on function private.book_appointment(
    uuid, text, text, text, date, time, integer, text, text, text, text, uuid, text
) from public;
grant execute on function private.book_appointment(
    uuid, text, text, text, date, time, integer, text, text, text, text, uuid, text
) to frontdesk_app;
