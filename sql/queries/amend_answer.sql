-- Replaces a saved answer by the one that turned out to be true once the effect had been tried.
update private.tool_calls as t
set succeeded = $4, repeatable = $4, answer = $5
where t.organization_id = $1 and t.vapi_call_id = $2 and t.tool_call_id = $3
