-- Takes an emergency, unless somebody has: $3 is the telephone of whoever takes it, $5 their step, $4 how. One of the two
-- is enough. Whoever comes second gets no row.
with who as (
    select
        s.step,
        s.name
    from private.incident_steps as s
    where
        s.organization_id = $1
        and s.incident_id = $2
        and (s.step = $5 or ($5 is null and s.phone = $3))
    order by s.step
    limit 1
),

taken as (
    update public.emergency_incidents as i
    set
        status = 'acknowledged',
        acknowledged_phone = $3,
        acknowledged_step = (select w.step from who as w),
        acknowledged_name = (select w.name from who as w),
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
    where
        n.incident_id = t.id
        and (n.phone_number = $3 or n.step = $5)
        and n.notification_type <> 'none'
)

select t.id from taken as t
