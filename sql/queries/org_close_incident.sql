-- Closes an incident ($1), as a dashboard does: what is still to be sent for it stops, and those who were texted hear of it. No row: it
-- is closed already. How many are told is what sql/queries/incident_steps.sql says of each.
update public.emergency_incidents as i
set status = 'closed'
where i.id = $1 and i.status <> 'closed'
returning
    jsonb_build_object(
        'closed_at', i.closed_at,
        'texted', (
            select count(distinct n.step)
            from public.emergency_notifications as n
            join private.outbox as e on e.notification_id = n.id
            join private.outbox_attempts as a on a.effect_id = e.id
            where
                n.incident_id = i.id
                and n.notification_type = 'sms'
                and n.status in ('pending', 'sent', 'delivered', 'acknowledged')
                -- They were told already that somebody has it.
                and not exists (
                    select from private.outbox as t
                    where
                        t.organization_id = i.organization_id
                        and t.dedupe_key like format('stand_down:%s:%s:', i.id, n.step) || '%'
                        and t.created_at >= i.acknowledged_at
                )
                and (a.outcome is null or a.outcome in ('accepted', 'unknown'))
        )
    )
