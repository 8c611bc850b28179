-- Writes a transfer down before it is attempted. $7 is `initiated`, or `failed` when nobody can take the call.
insert into public.call_transfers (
    organization_id,
    vapi_call_id,
    reason,
    urgency,
    summary,
    customer_name,
    transfer_to,
    status,
    metadata
)
values (
    $1,
    $2,
    left($3, 255),
    $4,
    $5,
    (
        select a.customer_name from public.appointments as a
        where a.organization_id = $1 and a.vapi_call_id = $2
        order by a.created_at desc
        limit 1
    ),
    $6,
    $7,
    $8
)
returning id
