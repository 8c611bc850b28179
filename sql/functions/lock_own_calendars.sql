-- Locks the organizations whose appointments a statement may change before it locks a row of them, as whoever books or moves an appointment
-- does: an office that moves an appointment while its caller moves it waits for the caller, and not each for the other. Those of a dashboard are its
-- user's; of a user with many it locks none, who would wait for each of them and keep the others waiting. Those, and other roles that are not
-- bound to an organization, lock it with the first row that needs it (private.place_appointment()). Within a trigger rows are locked already.
create or replace function private.lock_own_calendars() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    most constant integer := 10;
    bound constant uuid := private.bound_organization();
    own uuid[];
    locked text;
begin
    if private.caller() = 'authenticated' then
        own := array(
            select i.id from private.organization_ids('{owner,admin,member}') as i (id) order by i.id limit most + 1
        );
        if cardinality(own) <= most then
            perform private.lock_organization(u.id) from unnest(own) as u (id);
        end if;
    elsif bound is not null then
        locked := private.lock_organization(bound);
    end if;
    return null;
end
$$;

revoke execute on function private.lock_own_calendars() from public;

create or replace trigger lock_own_calendars
before delete or update of status, scheduled_date, scheduled_time, duration_minutes, crew, service_id, customer_id on public.appointments
for each statement
when (pg_trigger_depth() = 0)
execute function private.lock_own_calendars();

-- The appointments of a customer who is deleted lose their reference to them, and whoever calls one off has it before its customer's row.
create or replace trigger lock_own_calendars
before delete on public.customers
for each statement
when (pg_trigger_depth() = 0)
execute function private.lock_own_calendars();
