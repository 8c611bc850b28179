-- To which job a callback belongs: by the attempt that its address names ($2), else by the provider's id ($3).
select o.id
from private.outbox as o
where
    o.organization_id = $1
    and o.id in (
        select a.effect_id from private.outbox_attempts as a where a.organization_id = $1 and a.id = $2
        union all
        select p.id from private.outbox as p where p.organization_id = $1 and p.provider_sid = $3
    )
order by o.provider_sid is not distinct from $3 desc
limit 1
