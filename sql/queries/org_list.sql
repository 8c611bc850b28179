-- Every organization, with what is in use.
select
    jsonb_build_object(
        'id', o.id,
        'name', o.name,
        'timezone', private.time_zone(o.timezone),
        'active_numbers', (
            select count(*) from public.phone_number_assignments as p where p.organization_id = o.id and p.is_active
        ),
        'assistants', (select count(*) from public.vapi_assistants as a where a.organization_id = o.id and a.is_active),
        'members', (select count(*) from public.organization_members as m where m.organization_id = o.id)
    )
from public.organizations as o
order by lower(o.name), o.id
