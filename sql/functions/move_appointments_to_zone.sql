-- An organization that moves to another zone keeps the hours that its appointments were promised for: the wall time stands. What
-- the clock makes of them on the nights when it changes is worked out anew, and their events in linked calendars move to that time.
create or replace function private.move_appointments_to_zone() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.appointments as a
    set busy = 'empty'
    where
        a.organization_id = new.id
        and a.status in ('pending', 'confirmed')
        and a.scheduled_date >= (private.clock() at time zone 'UTC')::date - 1;
    if exists (select from private.calendar_links as l where l.organization_id = new.id) then
        perform private.queue_calendar_copies_of(new.id);
    end if;
    return null;
end
$$;

revoke execute on function private.move_appointments_to_zone() from public;

create or replace trigger move_appointments_to_zone
after update of timezone on public.organizations
for each row
when (new.timezone is distinct from old.timezone)
execute function private.move_appointments_to_zone();
