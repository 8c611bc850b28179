-- The appointments that the last answer of a call ($2) about moving or cancelling one named, where it asked about them.
select
    array(
        select a.visit::uuid
        from jsonb_array_elements_text(case when jsonb_typeof(t.answer -> 'visits') = 'array' then t.answer -> 'visits' end) as a (visit)
    ) as visits
from private.tool_calls as t
where
    t.organization_id = $1
    and t.vapi_call_id = $2
    and t.tool in ('reschedule_appointment', 'cancel_appointment')
order by t.created_at desc
limit 1
