-- Takes down which contacts could not be paged at all: the rounds ($3), the steps ($4), and why ($5).
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
    u.round,
    u.reason,
    private.clock()
from unnest($3, $4, $5) as u (round, step, reason)
join private.incident_steps as s on s.step = u.step
join public.emergency_incidents as i on i.id = s.incident_id
where s.organization_id = $1 and s.incident_id = $2
on conflict (incident_id, round, step, notification_type) where incident_id is not null do nothing
