-- Records how the command for a transfer went: status ($3), outcome ($4), and why it was not carried out ($5). Only one that was just
-- recorded is moved: what the provider reports later knows more. The answer of the tool call that asked for it ($6, $7) is replaced by
-- the one that turned out to be true ($8, $9).
with recorded as (
    update public.call_transfers as t
    set
        status = $3,
        outcome = $4,
        metadata = coalesce(t.metadata, '{}') || jsonb_strip_nulls(jsonb_build_object('detail', $5::text))
    where t.organization_id = $1 and t.id = $2 and t.status = 'initiated'
)

update private.tool_calls as t
set succeeded = $8, repeatable = $8, answer = $9
where t.organization_id = $1 and t.vapi_call_id = $6 and t.tool_call_id = $7
