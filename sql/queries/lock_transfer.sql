-- A transfer whose target is no longer on the line, held until it is decided what comes next.
select
    t.status::text,
    t.vapi_call_id::text,
    t.reason::text,
    t.urgency::text,
    t.summary,
    t.attempt,
    l.language_code
from public.call_transfers as t
left join private.transfer_lines as l on l.transfer_id = t.id
where t.organization_id = $1 and t.id = $2
for no key update of t
