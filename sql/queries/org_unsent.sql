-- The texts to customers that were dropped because there was no number to send them from: of one organization ($1) or of all.
select
    jsonb_build_object(
        'organization_id', o.organization_id,
        'organization', min(g.name),
        'texts', count(*),
        'last_at', max(o.settled_at)
    )
from private.outbox as o
join public.organizations as g on g.id = o.organization_id
where o.state = 'cancelled' and o.error_code = 'no_sender' and ($1::uuid is null or o.organization_id = $1)
group by o.organization_id
order by max(o.settled_at) desc, o.organization_id
