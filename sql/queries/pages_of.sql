-- The emergencies that a telephone ($1) was paged for since $3, the last one first; $2 is the number of ours that it answered.
select
    p.organization_id,
    p.incident_id,
    p.code,
    p.status
from private.pages_of($1, $2, $3) as p
