-- What could not be done outside the database, the last first: of one organization ($1) or of all, at most $2.
select
    o.id,
    o.organization_id,
    g.name::text as organization_name,
    o.kind,
    o.attempts::integer,
    o.error_code,
    o.settled_at,
    coalesce(i.status in ('acknowledged', 'closed'), false) as is_over
from private.outbox as o
join public.organizations as g on g.id = o.organization_id
left join public.emergency_notifications as n on n.id = o.notification_id
left join public.emergency_incidents as i on i.id = n.incident_id
where o.state = 'failed' and ($1::uuid is null or o.organization_id = $1)
order by o.settled_at desc
limit $2
