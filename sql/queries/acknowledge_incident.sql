-- Takes an emergency, unless somebody has: $3 is the telephone of whoever takes it, $4 how. Whoever comes second gets no row.
with taken as (
    update public.emergency_incidents as i
    set
        status = 'acknowledged',
        acknowledged_phone = $3,
        acknowledged_name = (
            select s.name
            from private.incident_steps as s
            where s.incident_id = i.id and s.phone = $3
            order by s.step
            limit 1
        ),
        acknowledged_via = $4
    where i.organization_id = $1 and i.id = $2 and i.status in ('open', 'exhausted')
    returning i.id
),

pages as (
    update public.emergency_notifications as n
    set
        status = 'acknowledged',
        acknowledged_at = private.clock()
    from taken as t
    where n.incident_id = t.id and n.phone_number = $3 and n.notification_type <> 'none'
)

select t.id from taken as t
