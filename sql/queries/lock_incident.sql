-- Locks an incident that is to be escalated, unless another worker has it at this moment, with what its organization says of emergencies.
select
    i.code,
    i.status::text,
    i.message,
    i.service_address,
    i.callback_number::text,
    i.caller_number::text,
    i.round,
    i.step,
    i.opened_at,
    i.acknowledged_at,
    i.acknowledged_name::text,
    i.acknowledged_phone::text,
    i.acknowledged_step,
    i.announced_at,
    i.language_code::text,
    o.name::text as organization_name,
    private.time_zone(o.timezone) as timezone,
    i.rounds,
    r.rounds as rounds_again,
    r.acknowledgement_timeout_minutes,
    p.is_unsent,
    p.was_never_sent,
    p.answer_until
from public.emergency_incidents as i
join public.organizations as o on o.id = i.organization_id
cross join lateral private.emergency_rules(o.settings) as r
-- The pages by telephone of this round: whether one is still to be sent, whether one expired before any provider took it, and how long
-- those who were paged have to answer.
cross join lateral (
    select
        coalesce(bool_or(e.state in ('pending', 'sending', 'unknown')), false) as is_unsent,
        coalesce(bool_or(e.error_code = 'expired' and e.provider_sid is null), false) as was_never_sent,
        max(
            (
                select min(a.started_at)
                from private.outbox_attempts as a
                where a.effect_id = e.id and a.outcome = 'accepted' and n.status <> 'failed'
            ) + make_interval(secs => s.timeout_seconds)
        ) as answer_until
    from public.emergency_notifications as n
    join private.outbox as e on e.notification_id = n.id and e.kind = n.notification_type
    join private.incident_steps as s on s.incident_id = n.incident_id and s.step = n.step
    where n.incident_id = i.id and n.round = i.round and n.notification_type in ('sms', 'voice')
) as p
where i.organization_id = $1 and i.id = $2 and i.due_at <= private.clock()
for no key update of i skip locked
