-- The visits around a day that are at the same address (private.is_same_place()) as the parts in `address_key`, which are JSON.
create or replace function private.visits_at(org_id uuid, around date, address_key text) returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    place constant jsonb := visits_at.address_key::jsonb;
begin
    return array(
        select a.id
        from public.appointments as a
        where
            a.organization_id = org_id
            and a.scheduled_date between around - 1 and around + 1
            and a.status in ('pending', 'confirmed')
            and a.service_address is not null
            and private.is_same_place(coalesce(a.address_parts, private.address_parts(a.service_address)), place)
    );
end
$$;

revoke execute on function private.visits_at(uuid, date, text) from public;
grant execute on function private.visits_at(uuid, date, text) to frontdesk_app;
