-- Changes the columns of a contact that are keys of $3; the others keep their values, and a null there empties one. A number comes with
-- the extension in `phone_as_given`, or without one. No row:
-- the organization has no such contact.
update public.emergency_contacts as c
set
    name = n.name,
    phone = n.phone,
    phone_extension = case when $3 ? 'phone' then private.phone_extension($3 ->> 'phone_as_given') else c.phone_extension end,
    email = n.email,
    role = n.role,
    priority = n.priority,
    available_days = n.available_days,
    available_hours_start = n.available_hours_start,
    available_hours_end = n.available_hours_end,
    is_primary = n.is_primary,
    is_active = n.is_active,
    sms_enabled = n.sms_enabled,
    call_enabled = n.call_enabled,
    email_enabled = n.email_enabled,
    escalation_timeout = n.escalation_timeout
from public.emergency_contacts as o
cross join lateral jsonb_populate_record(o, $3) as n
where o.organization_id = $1 and o.id = $2 and c.id = o.id
returning c.id
