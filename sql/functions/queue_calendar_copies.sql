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
    -- It was moved here since its calendar kept another time, so that this one counts.
    update private.calendar_copies as c
    set
        generation = c.generation + case when c.seen is null then 1 else 0 end,
        resource = case when c.seen is not null then c.resource end,
        etag = case when c.seen is not null then c.etag end,
        written = case when c.seen is not null then c.written end,
        seen = null, seen_at = null, found_link_id = null, found = null, found_at = null
    from public.appointments as a
    where
        c.appointment_id = appointment
        and a.id = appointment
        and c.seen_at is not null
        and c.due_at is null
        and (c.written ->> 'starts', coalesce(c.written ->> 'minutes', a.duration_minutes::text)) is distinct from (
            to_char(a.scheduled_date + a.scheduled_time, 'YYYY-MM-DD"T"HH24:MI:SS'), a.duration_minutes::text
        );
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
    select org_id, w.link_id, appointment, appointment, now
    from wanted as w
    -- What was moved into the calendar of this crew becomes its copy.
    where not exists (
        select from private.calendar_copies as c
        where c.appointment_id = appointment and c.found_link_id = w.link_id and c.seen_at is not null and c.seen is null
    )
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
        -- One that is over is left where it stands, but says what it may say.
        update private.calendar_copies as c
        set written = c.written || '{"is_outdated": true}', due_at = coalesce(c.due_at, private.clock()), attempts = 0
        from private.calendars as k, public.organizations as o
        where
            c.appointment_id = new.id
            and c.is_wanted
            and c.written is not null
            and k.organization_id = new.organization_id
            and upper(new.busy) <= private.clock() at time zone k.zone
            and o.id = new.organization_id
            and o.calendar_sync_enabled
            and (
                new.customer_name, new.customer_phone, new.service_address, new.service_description, new.appointment_type
            ) is distinct from (
                old.customer_name, old.customer_phone, old.service_address, old.service_description, old.appointment_type
            );
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

-- Has a link follow all coming appointments: when it is linked, connected anew, or read as a whole. What is still to be said otherwise of
-- those that are over is said then, too.
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
    update private.calendar_copies as c
    set due_at = private.clock(), attempts = 0
    where c.organization_id = org_id and c.due_at is null and c.written ? 'is_outdated';
end
$$;

revoke execute on function private.queue_calendar_copies_of(uuid) from public;
