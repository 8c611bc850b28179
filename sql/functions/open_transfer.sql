-- Records a transfer before it is attempted, and saves the answer of the tool call that asks for it, if it is one. `status` is
-- `initiated`, or `failed` when it is not tried. One that `counts` is held against the organization's limit of today: beyond it nobody is
-- rung, the other answer is saved, and false comes back. Where nobody is rung the staff is left a caller to call back, if there are words
-- for it. Where the call takes commands, and in which language its caller is spoken to, is kept where no client reads it.
create or replace function private.open_transfer(
    transfer uuid,
    org_id uuid,
    call_id text,
    reason text,
    urgency text,
    summary text,
    target text,
    status text,
    metadata jsonb,
    control_url text,
    language text,
    counts boolean,
    callback text,
    number text,
    tool_call text,
    tool text,
    digest bytea,
    answer jsonb,
    answer_beyond jsonb
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    is_within constant boolean := case when counts then private.count_uses(org_id, 'transfer', 1) = 1 else true end;
    is_tried constant boolean := is_within and status = 'initiated';
begin
    -- One statement: keys are checked at its end.
    with line as (
        insert into private.transfer_lines (transfer_id, organization_id, control_url, language_code)
        values (transfer, org_id, control_url, language)
    ),

    saved as (
        insert into private.tool_calls (
            organization_id, vapi_call_id, tool_call_id, tool, arguments_digest, succeeded, repeatable, answer, effect_id
        )
        select
            org_id, call_id, tool_call, tool, digest, is_tried, is_tried,
            case when is_within then answer else answer_beyond end, transfer
        where tool_call is not null
    )

    insert into public.call_transfers (
        id,
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
        transfer,
        org_id,
        coalesce(call_id, 'unknown'),
        left(reason, 255),
        urgency,
        summary,
        (
            select a.customer_name from public.appointments as a
            where a.organization_id = org_id and a.vapi_call_id = call_id
            order by a.created_at desc
            limit 1
        ),
        case when is_within then target end,
        case when is_tried then 'initiated' else 'failed' end,
        case when not is_tried then 'failed' end,
        case when is_within then metadata else '{"target_source": "used_up"}' end,
        -- The calls that nothing is known of are not one call.
        (
            select least(coalesce(max(t.attempt), 0) + 1, 30000) from public.call_transfers as t
            where t.organization_id = org_id and t.vapi_call_id = call_id
        ),
        private.clock()
    );
    if callback is not null and (target is null or not is_within) then
        perform private.leave_callback(org_id, callback, number, call_id, transfer);
    end if;
    return is_within;
end
$$;

revoke execute on function private.open_transfer(
    uuid, uuid, text, text, text, text, text, text, jsonb, text, text, boolean, text, text, text, text, bytea, jsonb, jsonb
) from public;
grant execute on function private.open_transfer(
    uuid, uuid, text, text, text, text, text, text, jsonb, text, text, boolean, text, text, text, text, bytea, jsonb, jsonb
) to frontdesk_app;
