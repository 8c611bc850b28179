-- The times that a call ($2) was offered, in the order in which they were named: the last two offers, the last one first. What is in the tool
-- log is later than what is in the call's row.
select array(select jsonb_array_elements_text(u.entry -> 'offered')) as offered
from (
    select
        t.entry::jsonb as entry,
        1 as source,
        t.nth as place
    from private.tool_log as t
    where t.organization_id = $1 and t.vapi_call_id = $2
    union all
    select
        e.entry,
        0,
        e.place
    from public.call_logs as c
    cross join lateral jsonb_array_elements(case when jsonb_typeof(c.tools_used) = 'array' then c.tools_used end)
        with ordinality as e (entry, place)
    where c.organization_id = $1 and c.vapi_call_id = $2
) as u
where jsonb_typeof(u.entry -> 'offered') = 'array'
order by u.source desc, u.place desc
limit 2
