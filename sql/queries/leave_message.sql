-- Leaves the staff a message of a caller once: what is known by its key ($6, in the metadata $7) in its call ($5) is left already.
-- The id of its task either way.
with left_before as (
    select t.id from public.staff_tasks as t
    where
        t.organization_id = $1
        and (t.vapi_call_id = $5 or $5 is null and t.vapi_call_id is null)
        and t.kind = $2
        and t.metadata ->> 'key' = $6
    limit 1
),

left_now as (
    insert into public.staff_tasks (organization_id, kind, summary, phone_number, vapi_call_id, metadata, created_at)
    select $1, $2, $3, $4, $5, $7, private.clock()
    where not exists (select from left_before)
    returning id
)

select n.id from left_now as n
union all
select b.id from left_before as b
