-- The emergencies that a telephone ($1) was paged for since $3, the last one first; $2 is the number of ours that it answered. `is_theirs`
-- tells that it is they who have taken it, `is_asked` that they are paged for it now.
select
    p.organization_id,
    p.incident_id,
    p.code,
    p.status,
    p.is_theirs,
    p.is_asked
from private.answerable_pages($1, $2, $3) as p
