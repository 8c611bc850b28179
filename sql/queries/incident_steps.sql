-- Whom an emergency is told, in order, and what keeps a telephone from being used: an opt-out of text messages, or that it is the
-- caller's own or one of the organization's. `was_texted` tells that a text message about it went to them, or may
-- have.
select
    s.step,
    s.name,
    s.phone,
    s.extension,
    s.email,
    s.by_sms,
    s.by_voice,
    s.by_email,
    s.language_code,
    s.timeout_seconds,
    s.is_last_resort,
    coalesce(
        (
            select c.status = 'withdrawn'
            from public.sms_consents as c
            where c.organization_id = $1 and c.phone_number = s.phone
            order by c.created_at desc, c.id desc
            limit 1
        ),
        false
    ) as is_opted_out,
    -- A caller without a number equals nobody.
    coalesce(s.phone = i.caller_number, false)
    or coalesce(s.phone = i.callback_number, false)
    or exists (
        select
        from public.phone_number_assignments as p
        where p.organization_id = $1 and p.phone_number = s.phone and p.is_active
    ) as is_own,
    exists (
        select
        from public.emergency_notifications as n
        join private.outbox as e on e.notification_id = n.id
        join private.outbox_attempts as a on a.effect_id = e.id
        where
            n.incident_id = $2
            and n.step = s.step
            and n.notification_type = 'sms'
            and (
                n.status in ('pending', 'sent', 'delivered')
                -- Who has taken it is told that it is closed, unless they said so themselves.
                or n.status = 'acknowledged'
                and i.status = 'closed'
                and coalesce(n.metadata -> 'is_done', 'false') = 'false'
            )
            and (a.outcome is null or a.outcome in ('accepted', 'unknown'))
    ) as was_texted,
    o.settings -> 'dial_countries' as dial_countries
from private.incident_steps as s
join public.emergency_incidents as i on i.id = s.incident_id
join public.organizations as o on o.id = s.organization_id
where s.organization_id = $1 and s.incident_id = $2
order by s.step
