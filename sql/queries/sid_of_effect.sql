-- Under which id the provider has an effect.
select
    o.provider_sid,
    o.state in ('done', 'failed', 'cancelled') as is_settled
from private.outbox as o
where o.organization_id = $1 and o.id = $2
