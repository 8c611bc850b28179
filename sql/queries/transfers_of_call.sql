-- The transfers of a call that its provider was ordered to make, in their order.
select
    t.id,
    t.transfer_to::text
from public.call_transfers as t
where
    t.organization_id = $1
    and t.vapi_call_id = $2
    and t.transfer_to is not null
    and coalesce(t.metadata ->> 'detail', '') not in ('refused', 'no_line')
order by t.attempt, t.created_at, t.id
