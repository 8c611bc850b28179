-- Every call, as its row has it; those whose tool calls are still in the log alone have no id.
create or replace function private.calls()
returns table (
    id uuid,
    organization_id uuid,
    vapi_call_id text,
    vapi_assistant_id uuid,
    customer_phone_number text,
    call_duration integer,
    call_status text,
    metadata jsonb,
    language_detected text,
    emergency_detected boolean,
    tools_used jsonb,
    created_at timestamptz
)
language sql
stable
begin atomic
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
    union all
    select
        null,
        t.organization_id,
        t.vapi_call_id,
        (
            select v.id from public.vapi_assistants as v
            where v.vapi_assistant_id = max(t.vapi_assistant_id) and v.organization_id = t.organization_id
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
    where not exists (select from public.call_logs as k where k.vapi_call_id = t.vapi_call_id)
    group by t.organization_id, t.vapi_call_id;
end;

revoke execute on function private.calls() from public;
