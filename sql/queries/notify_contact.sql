-- Writes an emergency down for the contact on call ($3), or adds the words ($5) to what this call has written already.
-- `added` tells which. The urgency only rises. $6 says why this contact, $7 which number, $8 the state to begin in.
with earlier as (
    select n.id
    from public.emergency_notifications as n
    where n.organization_id = $1 and n.vapi_call_id = $2
    order by n.created_at
    limit 1
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
        end
    from earlier as e
    where n.id = e.id
    returning n.id
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
    select
        $1,
        $3,
        $2,
        'emergency',
        $4,
        $5,
        $8,
        jsonb_strip_nulls(jsonb_build_object('on_call_source', $6::text, 'phone', $7::text))
    where not exists (select from earlier)
    returning id
)

select a.id, true as added from added as a
union all
select w.id, false as added from written as w
