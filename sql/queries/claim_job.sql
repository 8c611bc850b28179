-- Claims a job that is due, unless another worker has it at this moment, with the message or page that it belongs to and its last
-- attempt.
select
    o.kind,
    o.state,
    o.payload,
    o.attempts,
    o.due_at,
    o.expires_at,
    o.provider_sid,
    o.notification_id,
    o.appointment_id,
    o.sms_id,
    coalesce(s.phone_number, n.phone_number)::text as phone_number,
    k.extension,
    coalesce(s.message_content, n.message) as message_content,
    i.id as incident_id,
    i.status::text as incident_status,
    t.id as attempt_id,
    t.started_at,
    exists (
        select
        from private.outbox_attempts as a
        where a.effect_id = o.id and (a.outcome is null or a.outcome in ('unknown', 'not_found'))
    ) as may_repeat
from private.outbox as o
left join public.sms_communications as s on s.id = o.sms_id
left join public.emergency_notifications as n on n.id = o.notification_id
left join private.incident_steps as k on k.incident_id = n.incident_id and k.step = n.step
left join public.emergency_incidents as i on i.id = coalesce(n.incident_id, (o.payload ->> 'incident_id')::uuid)
left join lateral (
    select a.id, a.started_at
    from private.outbox_attempts as a
    where a.effect_id = o.id
    order by a.started_at desc
    limit 1
) as t on true
where o.organization_id = $1 and o.id = $2 and o.due_at <= private.clock()
for no key update of o skip locked
