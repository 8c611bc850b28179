-- Closes an emergency that whoever has the telephone $3, or the step $4, has taken: the work is done. Their pages say so, since
-- whoever has it is told when somebody else closes it.
with closed as (
    update public.emergency_incidents as i
    set status = 'closed'
    where
        i.organization_id = $1
        and i.id = $2
        and i.status = 'acknowledged'
        and (i.acknowledged_phone = $3 or i.acknowledged_step = $4)
    returning i.id
),

pages as (
    update public.emergency_notifications as n
    set metadata = coalesce(n.metadata, '{}') || '{"is_done": true}'
    from closed as c
    where n.incident_id = c.id and n.status = 'acknowledged'
)

select c.id from closed as c
