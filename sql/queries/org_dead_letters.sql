-- What could not be done outside the database, the last first: of one organization ($1) or of all, at most $2.
select
    jsonb_build_object(
        'id', o.id,
        'organization_id', o.organization_id,
        'organization', g.name,
        'kind', o.kind,
        'attempts', o.attempts,
        'reason', o.error_code,
        'given_up_at', date_trunc('second', o.settled_at),
        'is_over', coalesce(i.status in ('acknowledged', 'closed'), false)
    )
from private.outbox as o
join public.organizations as g on g.id = o.organization_id
left join public.emergency_notifications as n on n.id = o.notification_id
left join public.emergency_incidents as i on i.id = n.incident_id
where o.state = 'failed' and ($1::uuid is null or o.organization_id = $1)
order by o.settled_at desc
limit $2
