-- Writes a transfer down before it is attempted. $7 is `initiated`, or `failed` when nobody can take the call. Where the call takes
-- commands ($9), and in which language its caller is spoken to ($10), is kept where no client reads it.
with opened as (
    insert into public.call_transfers (
        organization_id,
        vapi_call_id,
        reason,
        urgency,
        summary,
        customer_name,
        transfer_to,
        status,
        outcome,
        metadata,
        attempt,
        created_at
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
        case $7 when 'failed' then 'failed' end,
        $8,
        -- The calls that nothing is known of are not one call.
        case when $2 = 'unknown' then 1 else (
            select least(coalesce(max(t.attempt), 0) + 1, 30000) from public.call_transfers as t
            where t.organization_id = $1 and t.vapi_call_id = $2
        ) end,
        private.clock()
    )
    returning id
),

line as (
    insert into private.transfer_lines (transfer_id, organization_id, control_url, language_code)
    select o.id, $1, $9, $10 from opened as o
)

select o.id from opened as o
