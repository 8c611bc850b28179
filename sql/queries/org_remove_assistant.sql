-- Takes an assistant from an organization, and counts the numbers that it answered. No row: it has no such assistant.
with removed as (
    delete from public.vapi_assistants as a
    where a.organization_id = $1 and a.vapi_assistant_id = $2
    returning a.id, a.name
)

select
    r.name::text as name,
    (select count(*) from public.phone_number_assignments as p where p.vapi_assistant_id = r.id) as numbers
from removed as r
