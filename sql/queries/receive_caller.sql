-- Who calls from a number ($2), whether their calls are taken, and whether the organization is open.
select
    h.is_open,
    h.until,
    c.name,
    c.primary_language,
    exists (
        select from public.blocked_numbers as b where b.organization_id = $1 and b.phone_number = $2
    ) as is_blocked
from private.office_hours($1) as h
left join public.customers as c on c.organization_id = $1 and c.phone_number = $2
