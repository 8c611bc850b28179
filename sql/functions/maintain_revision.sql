-- Counts the changes of an appointment that a calendar shows, whoever makes them: a calendar that has it takes the higher number for the
-- newer one (SEQUENCE in RFC 5545). Nobody sets it by hand; a time of change would be the same for two changes within a second.
create or replace function private.maintain_revision() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    new.revision := old.revision + 1;
    return new;
end
$$;

revoke execute on function private.maintain_revision() from public;

create or replace trigger maintain_revision
before update on public.appointments
for each row
when (
    (
        new.scheduled_date, new.scheduled_time, new.duration_minutes, new.busy, new.status, new.crew, new.service_id, new.service_address,
        new.customer_name, new.customer_phone, new.appointment_type, new.service_description, new.revision
    )
    is distinct from (
        old.scheduled_date, old.scheduled_time, old.duration_minutes, old.busy, old.status, old.crew, old.service_id, old.service_address,
        old.customer_name, old.customer_phone, old.appointment_type, old.service_description, old.revision
    )
)
execute function private.maintain_revision();
