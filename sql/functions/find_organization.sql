-- Whose call is this? By Vapi's phone number id, Vapi's assistant id and the called number, any of which may be null. It runs as
-- its owner and hands out ids only: before it has answered, the service is bound to no organization and sees none.
--
-- One row when all that is known of the call points at one organization. Two rows mean that the parts of the message belong to
-- different organizations. An unknown part beside a known one does no harm: an assistant made at Vapi and not yet entered here
-- still answers on an assigned number.
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
    with owners as (
        select p.organization_id, p.vapi_assistant_id
        from public.phone_number_assignments as p
        where p.vapi_phone_number_id = number_id and p.is_active
        union all
        select a.organization_id, a.id
        from public.vapi_assistants as a
        where a.vapi_assistant_id = assistant_id and a.is_active
        union all
        select p.organization_id, p.vapi_assistant_id
        from public.phone_number_assignments as p
        where p.phone_number = called_number and p.is_active
    )

    select w.organization_id, (array_agg(w.vapi_assistant_id) filter (where w.vapi_assistant_id is not null))[1]
    from owners as w
    group by w.organization_id;
end
$$;

revoke execute on function private.find_organization(text, text, text) from public;
grant execute on function private.find_organization(text, text, text) to frontdesk_app;
