-- Saves what was answered, unless the tool call has an answer already: the one that counts comes back.
insert into private.tool_calls as t (
    organization_id,
    vapi_call_id,
    tool_call_id,
    tool,
    arguments_digest,
    succeeded,
    repeatable,
    answer,
    effect_id
)
values ($1, $2, $3, $4, $5, $6, $6, $7, $8)
on conflict (organization_id, vapi_call_id, tool_call_id) do update
set answer = t.answer
returning t.answer
