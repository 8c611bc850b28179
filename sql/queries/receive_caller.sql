-- Who calls from a number ($2), which assistant speaks their language, whether their calls are taken, and whether the organization
-- is open.
select
    h.is_open,
    h.until,
    c.name,
    c.primary_language,
    (
        select a.vapi_assistant_id
        from public.vapi_assistants as a
        where a.organization_id = $1 and a.is_active and a.language = c.primary_language
        order by a.created_at, a.id
        limit 1
    ) as vapi_assistant_id,
    exists (
        select from public.blocked_numbers as b where b.organization_id = $1 and b.phone_number = $2
    ) as is_blocked
from private.office_hours($1) as h
left join public.customers as c on c.organization_id = $1 and c.phone_number = $2
