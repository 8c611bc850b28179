-- The appointments around a day that are at the same address (private.is_same_place()) as the parts in `address_key`, which are JSON.
create or replace function private.appointments_at(org_id uuid, around date, address_key text) returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    place constant jsonb := appointments_at.address_key::jsonb;
begin
    return array(
        select a.id
        from public.appointments as a
        where
            a.organization_id = org_id
            and a.scheduled_date between around - 1 and around + 1
            and a.status in ('pending', 'confirmed')
            -- To read an address takes longer than all else here: of those that were not read when they were written, only the likely
            -- ones are, which have the number or might have it in words.
            and (
                a.address_parts is not null
                or a.service_address !~ '[0-9]'
                or coalesce(strpos(a.service_address, place ->> 'number') > 0, true)
            )
            and private.is_same_place(coalesce(a.address_parts, private.address_parts(a.service_address)), place)
    );
end
$$;

revoke execute on function private.appointments_at(uuid, date, text) from public;
grant execute on function private.appointments_at(uuid, date, text) to frontdesk_app;
