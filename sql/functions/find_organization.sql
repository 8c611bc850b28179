-- Whose call is this? By Vapi's phone number id, the called number and Vapi's assistant id, any of which may be null. It runs as its
-- owner and hands out ids only: before it has answered, the service is bound to no organization and sees none.
--
-- The first that somebody owns decides, in this order: Vapi verifies the phone number id, while an assistant id stands in the source of
-- every page that embeds it, so that anybody can enter it as theirs. No row: nobody's.
create or replace function private.find_organization(number_id text, assistant_id text, called_number text)
returns table (organization_id uuid, assigned_assistant_id uuid)
language plpgsql
stable
security definer
rows 1
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select p.organization_id, p.vapi_assistant_id
    from public.phone_number_assignments as p
    where p.vapi_phone_number_id = number_id and p.is_active;
    if found then
        return;
    end if;
    return query
    select p.organization_id, p.vapi_assistant_id
    from public.phone_number_assignments as p
    where p.phone_number = called_number and p.is_active;
    if found then
        return;
    end if;
    return query
    select a.organization_id, a.id
    from public.vapi_assistants as a
    where a.vapi_assistant_id = assistant_id and a.is_active;
end
$$;

revoke execute on function private.find_organization(text, text, text) from public;
grant execute on function private.find_organization(text, text, text) to frontdesk_app;
