-- Wakes the workers of every running service: a job or an incident is due. What one transaction announces twice is sent once, when it is
-- committed.
--
-- Transactions that announce are committed one after the other, each when the disk has the one before. So a service that wakes its own
-- workers (`frontdesk.wakes`) announces no message about an appointment that it books; others find it within a quarter of a minute.
create or replace function private.announce_jobs() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('frontdesk_outbox', '');
    return null;
end
$$;

revoke execute on function private.announce_jobs() from public;

create or replace trigger announce_jobs_on_insert
after insert on private.outbox
for each row
when (
    new.due_at is not null
    and (new.appointment_id is null or current_setting('frontdesk.wakes', true) is distinct from 'on')
)
execute function private.announce_jobs();

create or replace trigger announce_jobs_on_update
after update of due_at on private.outbox
for each row
when (new.due_at is not null and new.due_at is distinct from old.due_at)
execute function private.announce_jobs();

create or replace trigger announce_jobs_on_insert
after insert on public.emergency_incidents
for each row
when (new.due_at is not null)
execute function private.announce_jobs();

create or replace trigger announce_jobs_on_update
after update on public.emergency_incidents
for each row
when (new.due_at is not null and new.due_at is distinct from old.due_at)
execute function private.announce_jobs();

create or replace trigger announce_jobs_on_insert
after insert on private.calendar_copies
for each row
when (new.due_at is not null and current_setting('frontdesk.wakes', true) is distinct from 'on')
execute function private.announce_jobs();

-- Only what is due sooner is announced: whoever claims one puts it off.
create or replace trigger announce_jobs_on_update
after update of due_at on private.calendar_copies
for each row
when (new.due_at < old.due_at or new.due_at is not null and old.due_at is null)
execute function private.announce_jobs();

create or replace trigger announce_jobs_on_insert
after insert on private.calendar_links
for each row
when (new.due_at is not null)
execute function private.announce_jobs();

create or replace trigger announce_jobs_on_update
after update of due_at on private.calendar_links
for each row
when (new.due_at < old.due_at or new.due_at is not null and old.due_at is null)
execute function private.announce_jobs();
