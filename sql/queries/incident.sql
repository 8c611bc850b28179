-- An emergency, for those who were paged for it and for the caller.
select
    i.id,
    i.code,
    i.status::text,
    i.message,
    i.service_address,
    i.callback_number::text,
    i.acknowledged_at,
    i.acknowledged_name::text,
    i.acknowledged_phone::text,
    i.acknowledged_step,
    o.name::text as organization_name,
    private.time_zone(o.timezone) as timezone,
    (
        select s.name from private.incident_steps as s
        where s.incident_id = i.id and s.step = i.step
    ) as paged_name,
    -- Somebody else stands behind whoever is told now, and can be told.
    exists (
        select
        from private.incident_steps as s
        where
            s.incident_id = i.id
            and s.step > i.step
            and (s.by_sms or s.by_voice or s.by_email)
            and s.phone is distinct from i.caller_number
            and s.phone is distinct from i.callback_number
    ) as has_next,
    exists (
        select
        from public.emergency_notifications as n
        where n.incident_id = i.id and n.notification_type <> 'none' and n.error_code is distinct from 'daily_limit'
    ) as was_paged,
    p.is_delayed
from public.emergency_incidents as i
join public.organizations as o on o.id = i.organization_id
-- Pages of this round were tried, and no provider has taken any.
cross join lateral (
    select coalesce(bool_or(e.attempts > 0 and e.state in ('pending', 'unknown')), false)
        and not bool_or(e.provider_sid is not null or e.state in ('accepted', 'done')) as is_delayed
    from public.emergency_notifications as n
    join private.outbox as e on e.notification_id = n.id and e.kind = n.notification_type
    where n.incident_id = i.id and n.round = i.round
) as p
where i.organization_id = $1 and i.id = $2
