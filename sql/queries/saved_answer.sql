-- Was this tool call ($3) answered before, or the same question ($4, $5) successfully in the same call under another id? Never without a
-- row; it also brings the language of the caller ($6) where that is not known yet ($7).
select
    (
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
    ) as answer,
    case when $7 then private.caller_language($1, $2, $6) end as language
