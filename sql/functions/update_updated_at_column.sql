-- Keeps `updated_at` true on every table that has it.
create or replace function public.update_updated_at_column() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(current_setting('frontdesk.importing', true), '') = 'on' then
        if private.is_importing() then
            return new;
        end if;
    end if;
    new.updated_at = now();
    return new;
end
$$;

revoke execute on function public.update_updated_at_column() from public, anon, authenticated;

create or replace trigger update_updated_at
before update on public.user_profiles
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.organizations
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.organization_members
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.organization_invitations
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.vapi_assistants
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.phone_number_assignments
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.customers
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.appointments
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.call_logs
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.sms_communications
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.call_transfers
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.emergency_contacts
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.emergency_notifications
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.billing_subscriptions
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.billing_invoices
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.special_days
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.staff_tasks
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.emergency_incidents
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.services
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.crews
for each row
execute function public.update_updated_at_column();

create or replace trigger update_updated_at
before update on public.blocked_numbers
for each row
execute function public.update_updated_at_column();
