-- Takes down that a contact ($3 the round, $4 the step) could not be paged at all, and why ($5).
insert into public.emergency_notifications (
    organization_id,
    emergency_contact_id,
    vapi_call_id,
    notification_type,
    urgency,
    message,
    status,
    incident_id,
    step,
    round,
    error_code,
    created_at
)
select
    s.organization_id,
    s.emergency_contact_id,
    i.vapi_call_id,
    'none',
    i.urgency,
    i.message,
    'failed',
    i.id,
    s.step,
    $3,
    $5,
    private.clock()
from private.incident_steps as s
join public.emergency_incidents as i on i.id = s.incident_id
where s.organization_id = $1 and s.incident_id = $2 and s.step = $4
on conflict (incident_id, round, step, notification_type) where incident_id is not null do nothing
