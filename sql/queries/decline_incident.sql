-- Whoever is paged now ($3) passes, by a channel ($4): what is still under way for them in this step has failed, and the chain moves on at once.
with declined as (
    update public.emergency_notifications as n
    set status = 'failed', error_code = 'declined', declined_at = private.clock(), declined_via = $4
    from public.emergency_incidents as i
    where
        i.organization_id = $1
        and i.id = $2
        and i.status = 'open'
        and n.incident_id = i.id
        and n.phone_number = $3
        and n.round = i.round
        and n.step = i.step
        and n.status in ('pending', 'sent', 'delivered')
    returning n.id
),

unsent as (
    update private.outbox as o
    set state = 'cancelled', due_at = null, settled_at = private.clock()
    from declined as d
    where o.notification_id = d.id and o.state in ('pending', 'unknown')
    returning o.notification_id
),

-- Another emergency may share the call that is not made now.
shared as (
    select private.end_shared_page(u.notification_id, null) from unsent as u
)

update public.emergency_incidents as i
set due_at = private.clock()
where i.organization_id = $1 and i.id = $2 and i.status = 'open' and exists (select from declined) and (select count(*) from shared) >= 0
returning i.id
