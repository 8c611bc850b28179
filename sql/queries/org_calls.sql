-- The calls of an organization ($1), the last first: begun since $2 (an instant) or within the last $3 minutes, until $4, from a number ($5),
-- at most $6. Those whose tool calls are still in the log alone have no id. A call began when its report says so, else with its first tool
-- call.
select
    jsonb_build_object(
        'id', c.id,
        'vapi_call_id', c.vapi_call_id,
        'began', b.began,
        'phone', c.customer_phone_number,
        'assistant', a.name,
        'seconds', c.call_duration,
        'status', c.call_status,
        'ended_reason', c.metadata ->> 'ended_reason',
        'language', c.language_detected,
        'is_emergency', coalesce(c.emergency_detected, false),
        'tools', (
            select coalesce(jsonb_agg(jsonb_build_object('tool', u.entry -> 'tool', 'outcome', u.entry -> 'outcome') order by u.nth), '[]')
            from jsonb_array_elements(case when jsonb_typeof(w.used) = 'array' then w.used end)
                with ordinality as u (entry, nth)
        )
    )
from (
    select
        k.id,
        k.organization_id,
        k.vapi_call_id::text,
        k.vapi_assistant_id,
        k.customer_phone_number::text,
        k.call_duration,
        k.call_status::text,
        k.metadata,
        k.language_detected::text,
        k.emergency_detected,
        k.tools_used,
        k.created_at
    from public.call_logs as k
    where k.organization_id = $1
    union all
    select
        null,
        t.organization_id,
        t.vapi_call_id,
        (
            select v.id from public.vapi_assistants as v
            where v.vapi_assistant_id = max(t.vapi_assistant_id) and v.organization_id = $1
        ),
        max(t.customer_phone_number),
        null,
        'in-progress',
        null,
        null,
        null,
        null,
        min(t.written_at)
    from private.tool_log as t
    where t.organization_id = $1 and not exists (select from public.call_logs as k where k.vapi_call_id = t.vapi_call_id)
    group by t.organization_id, t.vapi_call_id
) as c
left join public.vapi_assistants as a on a.id = c.vapi_assistant_id
cross join lateral private.with_tool_log(c.organization_id, c.vapi_call_id, c.tools_used) as w (used)
cross join lateral private.call_began(c.metadata, w.used, c.created_at) as b (began)
where
    ($2::timestamptz is null or b.began >= $2)
    and ($3::integer is null or b.began >= private.clock() - make_interval(mins => $3))
    and ($4::timestamptz is null or b.began < $4)
    and ($5::text is null or c.customer_phone_number = $5)
order by b.began desc, c.id
limit $6
