-- Enters a person who takes emergencies. Null days mean every day, null hours always.
insert into public.emergency_contacts (
    organization_id,
    name,
    phone,
    email,
    role,
    priority,
    available_days,
    available_hours_start,
    available_hours_end,
    is_primary,
    email_enabled
)
select o.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $4 is not null
from public.organizations as o
where o.id = $1
returning id
