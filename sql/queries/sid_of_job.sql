-- Under which id the provider knows a job.
select
    o.provider_sid,
    o.state in ('done', 'failed', 'cancelled') as is_final
from private.outbox as o
where o.organization_id = $1 and o.id = $2
