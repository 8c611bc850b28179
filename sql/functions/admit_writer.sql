-- Refuses an appointment for an organization that its writer cannot see, before the triggers that work with that organization's rules
-- and calendar: policies are asked only after them, and by then a refusal could have told a stranger of its crews, or held up
-- its bookings. Runs as the writer, so that the policies of public.organizations decide.
create or replace function private.admit_writer() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        row_security_active('public.organizations')
        and not exists (select from public.organizations as o where o.id = new.organization_id)
    then
        raise insufficient_privilege using
            message = format('new row violates row-level security policy for table "%s"', tg_table_name);
    end if;
    return new;
end
$$;

revoke execute on function private.admit_writer() from public;

-- Triggers run in the order of their names: before place_appointment. The service sees the organization that it is bound to and no other;
-- what it writes for that one needs no look.
create or replace trigger admit_writer
before insert or update of organization_id on public.appointments
for each row
when (
    current_user <> 'frontdesk_app'
    or new.organization_id::text is distinct from current_setting('frontdesk.organization_id', true)
)
execute function private.admit_writer();
