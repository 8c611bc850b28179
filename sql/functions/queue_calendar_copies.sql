-- Has the linked calendars follow an appointment: marks what is to stand in them, and when. What is written is read when it is written, so five
-- moves in a second make one request. Appointments that are over are left as they stand. Calendly, which writes to the customer, gets only
-- those that are confirmed, have an e-mail address, and are for a service that is booked there; what is booked stays so.
create or replace function private.queue_calendar_copies(org_id uuid, appointment uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    now constant timestamptz := private.clock();
begin
    with wanted as (
        select l.id as link_id
        from public.appointments as a
        join private.calendars as k on k.organization_id = org_id
        join public.organizations as o on o.id = org_id
        join private.calendar_links as l on l.organization_id = org_id
        join private.calendar_accounts as p on p.id = l.account_id
        where
            a.id = appointment
            and a.organization_id = org_id
            and a.status in ('pending', 'confirmed')
            and upper(a.busy) > now at time zone k.zone
            and l.writes
            and o.calendar_sync_enabled
            and (l.crew is null or l.crew = a.crew)
            and (
                p.provider <> 'calendly'
                or a.status = 'confirmed'
                and (
                    a.customer_email like '%_@_%'
                    and exists (
                        select from public.services as s
                        where s.organization_id = org_id and s.id = a.service_id and s.calendly_event_type is not null
                    )
                    or exists (
                        select from private.calendar_copies as c
                        where c.link_id = l.id and c.original_id = appointment and c.resource is not null
                    )
                )
            )
    ),

    ended as (
        update private.calendar_copies as c
        set is_wanted = false, due_at = now, attempts = 0
        from public.appointments as a
        where
            c.appointment_id = appointment
            and a.id = appointment
            and a.status not in ('completed', 'no_show')
            and not exists (select from wanted as w where w.link_id = c.link_id)
            and c.is_wanted
    )

    insert into private.calendar_copies as c (organization_id, link_id, appointment_id, original_id, due_at)
    select org_id, w.link_id, appointment, appointment, now from wanted as w
    on conflict (link_id, original_id) do update
    set is_wanted = true, due_at = excluded.due_at, attempts = 0;
end
$$;

revoke execute on function private.queue_calendar_copies(uuid, uuid) from public;

create or replace function private.after_appointments_update() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from private.calendar_links as l where l.organization_id = new.organization_id) then
        perform private.queue_calendar_copies(new.organization_id, new.id);
    end if;
    return null;
end
$$;

revoke execute on function private.after_appointments_update() from public;

create or replace trigger after_appointments_update
after update on public.appointments
for each row
when (
    (
        new.status, new.scheduled_date, new.scheduled_time, new.duration_minutes, new.crew, new.busy, new.customer_name,
        new.customer_phone, new.customer_email, new.service_address, new.service_description, new.appointment_type, new.service_id
    )
    is distinct from (
        old.status, old.scheduled_date, old.scheduled_time, old.duration_minutes, old.crew, old.busy, old.customer_name,
        old.customer_phone, old.customer_email, old.service_address, old.service_description, old.appointment_type, old.service_id
    )
)
execute function private.after_appointments_update();

create or replace function private.after_appointments_delete() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update private.calendar_copies as c
    set is_wanted = false, due_at = private.clock(), attempts = 0
    where c.organization_id = old.organization_id and c.original_id = old.id and c.is_wanted;
    return null;
end
$$;

revoke execute on function private.after_appointments_delete() from public;

create or replace trigger after_appointments_delete
after delete on public.appointments
for each row
execute function private.after_appointments_delete();

-- Has a link follow all coming appointments: when it is linked, connected anew, or read as a whole.
create or replace function private.queue_calendar_copies_of(org_id uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.queue_calendar_copies(org_id, a.id)
    from public.appointments as a
    where
        a.organization_id = org_id
        and a.status in ('pending', 'confirmed')
        and a.scheduled_date >= (private.clock() at time zone 'UTC')::date - 1;
end
$$;

revoke execute on function private.queue_calendar_copies_of(uuid) from public;
