-- The emergency that a call ($2) is about: one that was reported in it, else the last one of the same caller ($3) within a day.
select i.id
from public.emergency_incidents as i
where
    i.organization_id = $1
    and (
        i.id in (
            select c.incident_id from private.incident_calls as c
            where c.organization_id = $1 and c.vapi_call_id = $2
        )
        or (i.caller_number = $3 and i.opened_at > private.clock() - interval '1 day')
    )
order by
    exists (
        select from private.incident_calls as c
        where c.incident_id = i.id and c.vapi_call_id = $2
    ) desc,
    i.opened_at desc
limit 1
