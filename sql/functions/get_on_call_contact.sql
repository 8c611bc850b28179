-- Who takes an emergency now. `metadata ->> 'on_call_source'` tells why: `on_call`; `primary_contact` when nobody is on
-- call; `organization_phone` when there is no such contact either, in a row with nothing but the organization and its
-- emergency number. A row of nulls when there is nobody and no number. The urgency narrows nothing: whoever is on call
-- takes every emergency.
create or replace function public.get_on_call_contact(org_id uuid, urgency text)
returns public.emergency_contacts
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    contact public.emergency_contacts;
    source text := 'on_call';
begin
    perform private.require_organization(org_id);
    select c.* into contact from private.on_call_contacts(org_id) as c limit 1;
    if contact.id is null then
        source := 'primary_contact';
        select c.*
        into contact
        from public.emergency_contacts as c
        where c.organization_id = org_id and c.is_primary and c.is_active and trim(c.phone) <> ''
        order by c.priority nulls last, c.created_at, c.id
        limit 1;
    end if;
    if contact.id is null then
        source := 'organization_phone';
        select o.id, nullif(trim(o.emergency_contact_phone), '')
        into contact.organization_id, contact.phone
        from public.organizations as o
        where o.id = org_id;
        if contact.phone is null then
            return null;
        end if;
    end if;
    contact.metadata := case
        when jsonb_typeof(contact.metadata) = 'object' then contact.metadata
        else '{}'
    end || jsonb_build_object('on_call_source', source);
    return contact;
end
$$;

revoke execute on function public.get_on_call_contact(uuid, text) from public, anon, authenticated;
grant execute on function public.get_on_call_contact(uuid, text) to service_role, frontdesk_app;
