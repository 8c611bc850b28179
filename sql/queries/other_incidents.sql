-- The other emergencies that are open and were told to the same telephone ($3), the newest first.
select i.code
from public.emergency_incidents as i
where
    i.organization_id = $1
    and i.id <> $2
    and i.status in ('open', 'exhausted')
    and exists (
        select
        from public.emergency_notifications as n
        where n.incident_id = i.id and n.phone_number = $3
    )
order by i.opened_at desc
limit 10
