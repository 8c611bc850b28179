-- Was this tool call ($3) answered before, or the same question ($4, $5) successfully in the same call under another id?
select t.answer
from private.tool_calls as t
where
    t.organization_id = $1
    and t.vapi_call_id = $2
    and (
        t.tool_call_id = $3
        or (t.repeatable and t.tool = $4 and t.arguments_digest = $5)
    )
order by (t.tool_call_id = $3) desc, t.created_at desc
limit 1
