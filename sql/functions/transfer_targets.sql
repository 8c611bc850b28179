-- Whom a caller can be handed to at this hour: the office while it is open, everybody who is on call or else the primary contact, and the
-- emergency number. `tried` has the numbers that did not take this call; one whose command never reached the provider is none of them.
create or replace function private.transfer_targets(org_id uuid, call_id text)
returns table (
    source text,
    name text,
    phone text,
    extension text,
    wait_seconds integer,
    dial_countries jsonb,
    tried text[]
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    organization record;
    contact record;
begin
    select
        o.transfer_phone_number,
        o.transfer_phone_extension,
        o.emergency_contact_phone,
        o.emergency_phone_extension,
        least(greatest(coalesce(o.max_transfer_wait_time, 30), 5), 600) as wait_seconds,
        o.settings -> 'dial_countries' as dial_countries,
        private.clock() at time zone private.time_zone(o.timezone) as local,
        array(
            select concat_ws(' x', d.transfer_to, d.metadata ->> 'extension') from public.call_transfers as d
            where
                d.organization_id = org_id
                and d.vapi_call_id = call_id
                and d.status in ('failed', 'no_answer')
                and d.transfer_to is not null
                and coalesce(d.metadata ->> 'detail', '') not in ('refused', 'no_line')
        ) as tried
    into organization
    from public.organizations as o
    where o.id = org_id;
    if not found then
        return;
    end if;
    wait_seconds := organization.wait_seconds;
    dial_countries := organization.dial_countries;
    tried := organization.tried;
    -- Not one condition: beside null the second half would be asked too.
    if trim(organization.transfer_phone_number) <> '' then
        if private.is_open_now(org_id) then
            source := 'organization';
            phone := organization.transfer_phone_number;
            extension := coalesce(private.phone_extension(phone), organization.transfer_phone_extension);
            return next;
        end if;
    end if;
    if trim(organization.emergency_contact_phone) <> '' then
        source := 'organization_phone';
        phone := organization.emergency_contact_phone;
        extension := coalesce(private.phone_extension(phone), organization.emergency_phone_extension);
        return next;
    end if;
    for contact in
        select
            c.name,
            c.phone,
            c.phone_extension,
            c.call_enabled,
            c.is_primary,
            private.is_on_call(c.available_days, c.available_hours_start, c.available_hours_end, organization.local) as is_on_call
        from public.emergency_contacts as c
        where c.organization_id = org_id and c.is_active and trim(c.phone) <> ''
        order by is_on_call desc, c.priority nulls last, c.is_primary desc nulls last, c.created_at, c.id
    loop
        if contact.is_on_call then
            source := 'on_call';
        elsif source = 'on_call' then
            exit;
        elsif contact.is_primary then
            source := 'primary_contact';
        else
            continue;
        end if;
        if coalesce(contact.call_enabled, true) then
            name := contact.name;
            phone := contact.phone;
            extension := coalesce(private.phone_extension(phone), contact.phone_extension);
            return next;
        end if;
        exit when source = 'primary_contact';
    end loop;
end
$$;

revoke execute on function private.transfer_targets(uuid, text) from public;
grant execute on function private.transfer_targets(uuid, text) to frontdesk_app;
