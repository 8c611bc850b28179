-- The calls in which an emergency was reported, as far as they take commands.
select
    c.vapi_call_id,
    c.control_url,
    c.language_code
from private.incident_calls as c
where c.organization_id = $1 and c.incident_id = $2 and c.control_url is not null
