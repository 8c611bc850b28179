-- Who is on call now (private.is_on_call()), in the order in which they are asked: priority, the primary contact first, then the order of
-- entry. On the night when the clocks go back the repeated hour counts both times. A contact without a number cannot be asked.
create or replace function private.on_call_contacts(org_id uuid) returns setof public.emergency_contacts
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    local constant timestamp := private.clock() at time zone (
        select private.time_zone(o.timezone) from public.organizations as o where o.id = org_id
    );
begin
    return query
    select c.*
    from public.emergency_contacts as c
    where
        c.organization_id = org_id
        and c.is_active
        and trim(c.phone) <> ''
        and private.is_on_call(c.available_days, c.available_hours_start, c.available_hours_end, local)
    order by c.priority nulls last, c.is_primary desc nulls last, c.created_at, c.id;
end
$$;

revoke execute on function private.on_call_contacts(uuid) from public;
grant execute on function private.on_call_contacts(uuid) to frontdesk_app;
