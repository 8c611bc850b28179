-- What came after a transfer ($3) in its call ($2): a request that is repeated must not make it anew.
select
    t.id,
    t.transfer_to::text,
    t.metadata ->> 'extension' as extension,
    t.status::text
from public.call_transfers as t
where t.organization_id = $1 and t.vapi_call_id = $2 and t.attempt > $3
order by t.attempt
limit 1
