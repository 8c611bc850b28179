-- Marks a call, and every live visit that was booked in it, as an emergency; the score ($5, in hundredths) only rises.
-- No row comes back when the call is recorded under another organization.
with marked as (
    insert into public.call_logs as c (
        organization_id,
        vapi_call_id,
        vapi_assistant_id,
        customer_phone_number,
        call_status,
        emergency_detected,
        urgency_score
    )
    select
        $1,
        $2,
        (
            select a.id from public.vapi_assistants as a
            where a.vapi_assistant_id = $3 and a.organization_id = $1
        ),
        $4,
        'in-progress',
        true,
        $5 / 100.0
    where not private.is_foreign_call($2)
    on conflict (vapi_call_id) do update
    set
        emergency_detected = true,
        urgency_score = greatest(c.urgency_score, excluded.urgency_score)
    where c.organization_id = excluded.organization_id
    returning c.id
),

visits as (
    update public.appointments as a
    set
        emergency_detected = true,
        urgency_score = greatest(a.urgency_score, $5 / 100.0)
    where
        a.organization_id = $1
        and a.vapi_call_id = $2
        and a.status in ('pending', 'confirmed')
        and exists (select from marked)
    returning a.id
)

select m.id from marked as m
