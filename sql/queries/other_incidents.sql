-- The other emergencies that are open and that the same telephone ($3) was paged for, the newest first. Only pages of the last 24 hours
-- count, since no other can be answered.
select i.code
from public.emergency_incidents as i
where
    i.organization_id = $1
    and i.id <> $2
    and i.status in ('open', 'exhausted')
    and i.id in (
        select n.incident_id from public.emergency_notifications as n
        where n.organization_id = $1 and n.phone_number = $3 and n.created_at > private.clock() - interval '24 hours'
    )
order by i.opened_at desc
limit 10
