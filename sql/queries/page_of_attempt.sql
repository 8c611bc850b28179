-- The page that a call was made for, by the attempt that its address names, and the other emergencies that are open for that telephone.
select
    n.id as notification_id,
    n.incident_id,
    n.phone_number::text,
    i.code,
    i.status::text,
    s.language_code,
    (
        select count(*)
        from public.emergency_incidents as o
        where
            o.organization_id = $1
            and o.id <> n.incident_id
            and o.status in ('open', 'exhausted')
            and exists (
                select
                from public.emergency_notifications as m
                where m.incident_id = o.id and m.phone_number = n.phone_number
            )
    ) as others
from private.outbox_attempts as a
join private.outbox as e on e.id = a.effect_id
join public.emergency_notifications as n on n.id = e.notification_id
join public.emergency_incidents as i on i.id = n.incident_id
join private.incident_steps as s on s.incident_id = n.incident_id and s.step = n.step
where a.organization_id = $1 and a.id = $2
