-- The incidents of an organization ($1), the last first: only those that nobody has taken yet ($2), opened since $3 or within the last
-- $4 minutes, until $5, at most $6.
select
    jsonb_build_object(
        'id', i.id,
        'code', i.code,
        'opened_at', i.opened_at,
        'status', i.status,
        'urgency', i.urgency,
        'callback_number', i.callback_number,
        'round', i.round,
        'rounds', i.rounds,
        'pages', (
            select count(*) from public.emergency_notifications as n
            where n.incident_id = i.id and n.notification_type <> 'none'
        ),
        'acknowledged_at', i.acknowledged_at,
        'acknowledged_by', coalesce(i.acknowledged_name, i.acknowledged_phone),
        'acknowledged_via', i.acknowledged_via,
        'closed_at', i.closed_at
    )
from public.emergency_incidents as i
where
    i.organization_id = $1
    and (not $2 or i.status in ('open', 'exhausted'))
    and ($3::timestamptz is null or i.opened_at >= $3)
    and ($4::integer is null or i.opened_at >= private.clock() - make_interval(mins => $4))
    and ($5::timestamptz is null or i.opened_at < $5)
order by i.opened_at desc, i.id
limit $6
