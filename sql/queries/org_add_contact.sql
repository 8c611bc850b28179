-- Enters a person who takes emergencies, with the columns that are keys of $2. Null days mean every day, null hours always; a channel that
-- nothing is said of is on, e-mail if there is an address. The extension is that in the number as it was given, `phone_as_given`.
insert into public.emergency_contacts (
    organization_id,
    name,
    phone,
    phone_extension,
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
    escalation_timeout
)
select
    $1,
    n.name,
    n.phone,
    private.phone_extension($2 ->> 'phone_as_given'),
    n.email,
    n.role,
    coalesce(n.priority, 1),
    n.available_days,
    n.available_hours_start,
    n.available_hours_end,
    n.is_primary,
    coalesce(n.sms_enabled, true),
    coalesce(n.call_enabled, true),
    coalesce(n.email_enabled, n.email is not null),
    coalesce(n.escalation_timeout, 30)
from jsonb_populate_record(null::public.emergency_contacts, $2) as n
returning id
