-- Stores an attempt ($3) before it is made, and holds the effect for as long as one can take ($4, milliseconds): when that
-- has passed without a word of how it ended, the process that made it is gone. $5 says that an earlier attempt may have gone through, $6
-- which message this one sends, $7 from which number.
with held as (
    update private.outbox as o
    set
        state = 'sending',
        attempts = o.attempts + 1,
        sms_id = coalesce($6, o.sms_id),
        due_at = private.clock() + make_interval(secs => $4::integer / 1000.0)
    where o.organization_id = $1 and o.id = $2
    returning o.id, o.sms_id, o.notification_id
),

noted as (
    update public.sms_communications as s
    set our_number = $7
    from held as h
    where s.id = h.sms_id
),

paged as (
    update public.emergency_notifications as n
    set metadata = coalesce(n.metadata, '{}') || jsonb_build_object('our_number', $7::text)
    from held as h
    where n.id = h.notification_id and $7 is not null
)

insert into private.outbox_attempts (id, effect_id, organization_id, started_at, may_repeat)
select $3, h.id, $1, private.clock(), $5
from held as h
returning id
