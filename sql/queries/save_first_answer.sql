-- Saves what was answered, unless the tool call has an answer already: the one that counts comes back. Binds itself to the organization
-- ($1, $9).
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
select b.organization_id, $2, $3, $4, $5, $6, $6, $7, $8
from private.bind($1, $9) as b (organization_id)
on conflict (organization_id, vapi_call_id, tool_call_id) do update
set answer = t.answer
returning t.answer
