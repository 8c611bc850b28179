-- Foreign keys ignore row level security: an appointment could point at another organization's customer. What a row points at must be of
-- its own organization. Neither row can be moved to another one later (private.enforce_same_organization), so that it is enough to look
-- when the reference is written. A stranger's row and one that does not exist are refused in the same words. The functions run as their
-- owner, so that they see what there is, whoever writes.
--
-- Composite keys did this until now. But beside the schema's own keys they were a second way from one table to the other, and a
-- client that asks PostgREST for `appointments` with their `customers(*)` got neither (PGRST201); so they go.
create or replace function private.enforce_own_customer() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.customers as c where c.id = new.customer_id and c.organization_id = new.organization_id
    ) then
        raise foreign_key_violation using message = format('customer_id of %s is no customer of its organization', tg_table_name);
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_own_customer() from public;

create or replace function private.enforce_own_assistant() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.vapi_assistants as a
        where a.id = new.vapi_assistant_id and a.organization_id = new.organization_id
    ) then
        raise foreign_key_violation using
            message = format('vapi_assistant_id of %s is no assistant of its organization', tg_table_name);
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_own_assistant() from public;

-- Both in one statement, since an emergency writes many pages.
create or replace function private.enforce_own_page() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    is_own_contact boolean;
    is_own_incident boolean;
begin
    select
        new.emergency_contact_id is null or exists (
            select from public.emergency_contacts as c
            where c.id = new.emergency_contact_id and c.organization_id = new.organization_id
        ),
        new.incident_id is null or exists (
            select from public.emergency_incidents as t where t.id = new.incident_id and t.organization_id = new.organization_id
        )
    into is_own_contact, is_own_incident;
    if not is_own_contact then
        raise foreign_key_violation using
            message = format('emergency_contact_id of %s is no contact of its organization', tg_table_name);
    end if;
    if not is_own_incident then
        raise foreign_key_violation using
            message = format('incident_id of %s is no incident of its organization', tg_table_name);
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_own_page() from public;

create or replace function private.enforce_own_appointment() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.appointments as t where t.id = new.appointment_id and t.organization_id = new.organization_id
    ) then
        raise foreign_key_violation using
            message = format('appointment_id of %s is no appointment of its organization', tg_table_name);
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_own_appointment() from public;

create or replace function private.enforce_own_service() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.services as t where t.id = new.service_id and t.organization_id = new.organization_id
    ) then
        raise foreign_key_violation using
            message = format('service_id of %s is no service of its organization', tg_table_name);
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_own_service() from public;

create or replace trigger enforce_own_service
before insert or update of service_id, organization_id on public.appointments
for each row
when (new.service_id is not null)
execute function private.enforce_own_service();

create or replace trigger enforce_own_customer
before insert or update of customer_id, organization_id on public.appointments
for each row
when (new.customer_id is not null)
execute function private.enforce_own_customer();

create or replace trigger enforce_own_customer
before insert or update of customer_id, organization_id on public.sms_communications
for each row
when (new.customer_id is not null)
execute function private.enforce_own_customer();

create or replace trigger enforce_own_assistant
before insert or update of vapi_assistant_id, organization_id on public.phone_number_assignments
for each row
when (new.vapi_assistant_id is not null)
execute function private.enforce_own_assistant();

create or replace trigger enforce_own_assistant
before insert or update of vapi_assistant_id, organization_id on public.call_logs
for each row
when (new.vapi_assistant_id is not null)
execute function private.enforce_own_assistant();

create or replace trigger enforce_own_page
before insert or update of emergency_contact_id, incident_id, organization_id on public.emergency_notifications
for each row
execute function private.enforce_own_page();

create or replace trigger enforce_own_appointment
before insert or update of appointment_id, organization_id on public.sms_communications
for each row
when (new.appointment_id is not null)
execute function private.enforce_own_appointment();
