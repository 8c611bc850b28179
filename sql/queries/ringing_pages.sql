-- The calls that page somebody for an emergency at this moment, but for those to $3.
select
    o.id,
    o.notification_id
from private.outbox as o
join public.emergency_notifications as n on n.id = o.notification_id
where
    o.organization_id = $1
    and n.incident_id = $2
    and n.phone_number is distinct from $3
    and o.kind = 'voice'
    and o.state in ('sending', 'unknown', 'accepted')
