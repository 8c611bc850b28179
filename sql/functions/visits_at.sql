-- The visits around a day that are at an address (private.name_key()).
create or replace function private.visits_at(org_id uuid, around date, address_key text) returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return array(
        select a.id
        from public.appointments as a
        where
            a.organization_id = org_id
            and a.scheduled_date between around - 1 and around + 1
            and a.status in ('pending', 'confirmed')
            and private.name_key(a.service_address) = visits_at.address_key
    );
end
$$;

revoke execute on function private.visits_at(uuid, date, text) from public;
grant execute on function private.visits_at(uuid, date, text) to frontdesk_app;
