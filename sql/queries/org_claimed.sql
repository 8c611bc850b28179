-- Who has a number ($2), Vapi's id of a number ($3) or of an assistant ($4) that $1 is to get: another organization, or another number of its
-- own ($3). One row for each, with what is claimed.
select
    'number' as claim,
    o.id,
    o.name::text,
    p.phone_number::text
from public.phone_number_assignments as p
join public.organizations as o on o.id = p.organization_id
where p.phone_number = $2 and p.is_active and p.organization_id <> $1
union all
select
    'number_id',
    o.id,
    o.name::text,
    p.phone_number::text
from public.phone_number_assignments as p
join public.organizations as o on o.id = p.organization_id
where p.vapi_phone_number_id = $3 and (p.organization_id <> $1 or p.phone_number <> $2)
union all
select
    'assistant',
    o.id,
    o.name::text,
    null
from public.vapi_assistants as a
join public.organizations as o on o.id = a.organization_id
where a.vapi_assistant_id = $4 and a.organization_id <> $1
