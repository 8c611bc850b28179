-- Records a text message once: `is_new`, else what was answered when it came before.
with recorded as (
    insert into public.sms_communications as s (
        organization_id,
        customer_id,
        phone_number,
        our_number,
        message_content,
        twilio_message_sid,
        message_type,
        language_code,
        direction,
        status,
        provider_status,
        created_at
    )
    values (
        $1,
        (
            select c.id from public.customers as c
            where c.organization_id = $1 and c.phone_number = $2
        ),
        $2,
        $3,
        $4,
        $5,
        'inbound',
        'en',
        'inbound',
        'delivered',
        'received',
        private.clock()
    )
    on conflict (organization_id, twilio_message_sid) where twilio_message_sid is not null do nothing
    returning s.id
)

select
    exists (select from recorded) as is_new,
    (
        select k.variables ->> 'reply'
        from public.sms_communications as k
        where k.organization_id = $1 and k.twilio_message_sid = $5
    ) as reply
