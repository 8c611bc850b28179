-- Every organization, with what is in use.
select
    o.id,
    o.name::text,
    private.time_zone(o.timezone) as timezone,
    (
        select count(*) from public.phone_number_assignments as p where p.organization_id = o.id and p.is_active
    ) as active_numbers,
    (select count(*) from public.vapi_assistants as a where a.organization_id = o.id and a.is_active) as assistants,
    (select count(*) from public.organization_members as m where m.organization_id = o.id) as members
from public.organizations as o
order by lower(o.name), o.id
