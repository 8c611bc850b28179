-- Queues a text message ($2 to, $3 its words, $4 their language, $5 its template) under a key ($6) that is used once; $7 is its priority, $8
-- when it is of no use any more.
with made as (
    select gen_random_uuid() as id
),

queued as (
    insert into private.outbox (organization_id, kind, priority, dedupe_key, sms_id, due_at, expires_at)
    select $1, 'sms', $7, $6, m.id, private.clock(), $8
    from made as m
    on conflict (organization_id, dedupe_key) do nothing
    returning sms_id
)

insert into public.sms_communications (
    id,
    organization_id,
    phone_number,
    message_content,
    message_type,
    language_code,
    direction,
    status,
    template_key,
    created_at
)
select q.sms_id, $1, $2, $3, 'emergency', $4, 'outbound', null, $5, private.clock()
from queued as q
returning id
