-- Appends one tool call ($5) to what its call used, and makes the call's row when no status update came before it.
-- A redelivered message repeats the tool call's id, which is appended once. No row comes back when the call is
-- recorded under another organization.
insert into public.call_logs as c (
    organization_id,
    vapi_call_id,
    vapi_assistant_id,
    customer_phone_number,
    call_status,
    tools_used
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
    jsonb_build_array($5)
where not private.is_foreign_call($2)
on conflict (vapi_call_id) do update
set
    tools_used = case
        when
            $5 ? 'tool_call_id'
            and coalesce(c.tools_used, '[]') @> jsonb_build_array(
                jsonb_build_object('tool_call_id', $5 -> 'tool_call_id')
            )
            then c.tools_used
        else coalesce(c.tools_used, '[]') || excluded.tools_used
    end,
    customer_phone_number = case
        when c.customer_phone_number = 'unknown' then excluded.customer_phone_number
        else c.customer_phone_number
    end
where c.organization_id = excluded.organization_id
returning c.id
