-- Passes an emergency on, by a channel ($4). Whoever is paged now ($3): what is still under way for them in this step has failed, and the
-- next step follows at once. Whoever has taken it gives it back: it is open again, for those who come after them first.
with declined as (
    update public.emergency_notifications as n
    set status = 'failed', error_code = 'declined', declined_at = private.clock(), declined_via = $4
    from public.emergency_incidents as i
    where
        i.organization_id = $1
        and i.id = $2
        and n.incident_id = i.id
        and n.phone_number = $3
        and (
            i.status = 'open'
            and n.round = i.round
            and n.step = i.step
            and n.status in ('pending', 'sent', 'delivered')
            or i.status = 'acknowledged'
            and (i.acknowledged_phone = $3 or n.step = i.acknowledged_step)
            and n.status = 'acknowledged'
        )
    returning n.id, i.status
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
),

given_back as (
    update public.emergency_incidents as i
    set
        status = 'open',
        acknowledged_at = null,
        due_at = private.clock(),
        round = i.round + 1,
        -- Nobody comes after the last resort.
        step = (
            select s.step from private.incident_steps as s
            where s.incident_id = i.id and s.step = i.acknowledged_step and not s.is_last_resort
        ),
        rounds = i.round + r.rounds
    from public.organizations as o
    cross join lateral private.emergency_rules(o.settings) as r
    where
        i.organization_id = $1
        and i.id = $2
        and i.status = 'acknowledged'
        and o.id = $1
        and exists (select from declined as d where d.status = 'acknowledged')
    returning i.id
),

passed as (
    update public.emergency_incidents as i
    set due_at = private.clock()
    where
        i.organization_id = $1
        and i.id = $2
        and i.status = 'open'
        and exists (select from declined)
        and (select count(*) from shared) >= 0
    returning i.id
)

select p.id from passed as p
union all
select g.id from given_back as g
