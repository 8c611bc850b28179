-- Appends the tool calls ($5) of the organizations ($1) to what their calls ($2) used. A row that comes back is a call that is
-- recorded under another organization.
select c.vapi_call_id
from private.append_tool_calls($1, $2, $3, $4, $5) as c (vapi_call_id)
