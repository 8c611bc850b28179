-- The times that a call ($2) was offered, in the order in which they were named: the last two offers, the last one first.
select array(select jsonb_array_elements_text(u.entry -> 'offered')) as offered
from public.call_logs as c
cross join lateral jsonb_array_elements(case when jsonb_typeof(c.tools_used) = 'array' then c.tools_used end)
    with ordinality as u (entry, place)
where
    c.organization_id = $1
    and c.vapi_call_id = $2
    and jsonb_typeof(u.entry -> 'offered') = 'array'
order by u.place desc
limit 2
