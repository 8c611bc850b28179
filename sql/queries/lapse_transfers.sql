-- A caller who asks the agent for a person again is with the agent: what rang longer than callers are kept waiting was not answered,
-- though nobody said so.
update public.call_transfers as t
set
    status = 'no_answer',
    outcome = 'no_answer',
    metadata = coalesce(t.metadata, '{}') || '{"detail": "asked_again"}'
from public.organizations as o
where
    t.organization_id = $1
    and t.vapi_call_id = $2
    and t.status in ('initiated', 'connecting')
    and o.id = t.organization_id
    and t.created_at + make_interval(secs => coalesce(o.max_transfer_wait_time, 30)) < private.clock()
