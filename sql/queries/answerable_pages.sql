-- The emergencies that a telephone ($1) was paged for since $3, the last one first; $2 is the number of ours that it answered. `is_theirs`
-- tells that it is they who have taken it.
select
    p.organization_id,
    p.incident_id,
    p.code,
    p.status,
    p.is_theirs
from private.answerable_pages($1, $2, $3) as p
