-- Saves what was answered, in the transaction that did the work.
insert into private.tool_calls (
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
