-- A row stays with the organization that it was made for. Policies already refuse to move it to a stranger's; this also holds
-- for a user of two organizations, and for those that no policy holds.
create or replace function private.enforce_same_organization() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise check_violation using message = format('a row of %s cannot be moved to another organization', tg_table_name);
end
$$;

revoke execute on function private.enforce_same_organization() from public;

create or replace trigger enforce_same_organization
before update of organization_id on public.organization_members
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.organization_invitations
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.vapi_assistants
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.phone_number_assignments
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.customers
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.appointments
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.call_logs
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.sms_communications
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.call_transfers
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.emergency_contacts
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.emergency_notifications
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.billing_subscriptions
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.billing_invoices
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.special_days
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.staff_tasks
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.emergency_incidents
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.sms_consents
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.services
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.crews
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();

create or replace trigger enforce_same_organization
before update of organization_id on public.blocked_numbers
for each row
when (new.organization_id is distinct from old.organization_id)
execute function private.enforce_same_organization();
