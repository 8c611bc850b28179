-- Writes an emergency down for the contact on call ($3), or adds the words ($5) to what this call has written already.
-- `added` tells which; `name` and `source` tell for whom the row is, which for an earlier one need not be who is on call
-- now. The urgency only rises. One that nobody could be told of goes to the contact who has come on call since. $6 says why
-- this contact, $7 which number, $8 the state to begin in.
with earlier as (
    select
        n.id,
        n.status = 'failed' and n.metadata ->> 'on_call_source' = 'nobody' and $8 = 'pending' as is_unplaced
    from public.emergency_notifications as n
    where n.organization_id = $1 and n.vapi_call_id = $2
    order by n.created_at
    limit 1
),

chosen as (
    select jsonb_strip_nulls(jsonb_build_object('on_call_source', $6::text, 'phone', $7::text)) as metadata
),

added as (
    update public.emergency_notifications as n
    set
        message = case
            when position($5 in n.message) > 0 then n.message
            else n.message || ' | ' || $5
        end,
        urgency = case
            when
                array_position(array['low', 'normal', 'high', 'critical'], $4)
                > coalesce(array_position(array['low', 'normal', 'high', 'critical'], n.urgency::text), 0)
                then $4
            else n.urgency
        end,
        emergency_contact_id = case when e.is_unplaced then $3 else n.emergency_contact_id end,
        status = case when e.is_unplaced then $8 else n.status end,
        metadata = case when e.is_unplaced then n.metadata || p.metadata else n.metadata end
    from earlier as e
    cross join chosen as p
    where n.id = e.id
    returning n.emergency_contact_id, n.metadata
),

written as (
    insert into public.emergency_notifications (
        organization_id,
        emergency_contact_id,
        vapi_call_id,
        notification_type,
        urgency,
        message,
        status,
        metadata
    )
    select $1, $3, $2, 'emergency', $4, $5, $8, p.metadata
    from chosen as p
    where not exists (select from earlier)
    returning emergency_contact_id, metadata
),

answered as (
    select a.emergency_contact_id, a.metadata, true as added from added as a
    union all
    select w.emergency_contact_id, w.metadata, false as added from written as w
)

select
    a.added,
    c.name::text,
    a.metadata ->> 'on_call_source' as source
from answered as a
left join public.emergency_contacts as c on c.id = a.emergency_contact_id
