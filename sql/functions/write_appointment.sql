-- Writes an appointment whose time is free, and its customer: `customer`, of whom it tells nothing new, or whoever has the number where
-- that is null. Returns the appointment. A customer who is new is written once, with this appointment counted (private.enter_appointment()).
-- While it is not known what linked calendars say, the appointment is pending, until private.confirm_appointments() finds its time free.
create or replace function private.write_appointment(
    org_id uuid,
    call_id text,
    customer uuid,
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
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    written uuid;
    fresh uuid;
    counted text;
    is_stale boolean;
begin
    if customer is null then
        fresh := gen_random_uuid();
        counted := set_config('frontdesk.counted', fresh::text, true);
        insert into public.customers as c (
            id, organization_id, name, phone_number, address, primary_language, total_appointments, last_appointment_date
        )
        values (fresh, org_id, left(write_appointment.name, 255), phone, address, language, 1, wanted_date)
        on conflict (organization_id, phone_number) do update
        set
            address = coalesce(c.address, excluded.address),
            -- A name that was given counts more than a placeholder.
            name = case when private.is_nobody(c.name) then excluded.name else c.name end
        returning c.id into customer;
    end if;
    insert into public.appointments (
        organization_id, customer_id, vapi_call_id, customer_name, customer_phone, service_address,
        appointment_type, service_description, scheduled_date, scheduled_time, duration_minutes, status,
        language_preference, service_id, postal_code, created_at
    )
    values (
        org_id, customer, call_id, left(write_appointment.name, 255), phone, address,
        left(kind, 50), description, wanted_date, wanted_time, minutes,
        case
            when (select k.fresh_until from private.calendars as k where k.organization_id = org_id) <= private.clock()
                then 'pending'
            else 'confirmed'
        end,
        language, service, left(postal_code, 20), private.clock()
    )
    returning id, status = 'pending' into written, is_stale;
    if is_stale then
        insert into private.unconfirmed_appointments (appointment_id, organization_id)
        values (written, org_id);
        perform set_config('frontdesk.unconfirmed', written::text, true);
    end if;
    if fresh is not null then
        counted := set_config('frontdesk.counted', '', true);
    end if;
    return written;
end
$$;

revoke execute on function private.write_appointment(
    uuid, text, uuid, text, text, date, time, integer, text, text, text, text, uuid, text
) from public;
grant execute on function private.write_appointment(
    uuid, text, uuid, text, text, date, time, integer, text, text, text, text, uuid, text
) to frontdesk_app;
