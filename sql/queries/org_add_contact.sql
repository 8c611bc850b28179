-- Enters a person who takes emergencies. Null days mean every day, null hours always; a channel that nothing is said of is on,
-- e-mail if there is an address. The extension is that in the number as it was given ($15).
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
    sms_enabled,
    call_enabled,
    email_enabled,
    escalation_timeout,
    phone_extension
)
select
    o.id,
    $2,
    $3,
    $4,
    $5,
    $6,
    $7,
    $8,
    $9,
    $10,
    coalesce($11, true),
    coalesce($12, true),
    coalesce($13, $4 is not null),
    coalesce($14, 30),
    private.phone_extension($15)
from public.organizations as o
where o.id = $1
returning id, phone_extension
