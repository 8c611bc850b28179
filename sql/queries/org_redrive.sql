-- Has what could not be done ($1) tried again from the start, but for the pages of emergencies that need nobody any more.
with again as (
    update private.outbox as o
    set
        state = 'pending',
        attempts = 0,
        due_at = now(),
        expires_at = null,
        settled_at = null,
        provider_sid = null,
        provider_status = null,
        provider_rank = -1,
        error_code = null
    where
        o.id = any ($1)
        and o.state = 'failed'
        and not exists (
            select
            from public.emergency_notifications as n
            join public.emergency_incidents as i on i.id = n.incident_id
            where n.id = o.notification_id and i.status in ('acknowledged', 'closed')
        )
    returning o.id, o.sms_id, o.notification_id
),

messages as (
    update public.sms_communications as s
    set status = null, twilio_message_sid = null, provider_status = null, error_code = null
    from again as a
    where s.id = a.sms_id
),

pages as (
    update public.emergency_notifications as n
    set status = 'pending', error_code = null, provider_sid = null, provider_status = null
    from again as a
    where n.id = a.notification_id and n.status = 'failed'
)

select a.id from again as a
