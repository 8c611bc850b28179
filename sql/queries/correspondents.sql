-- The organizations that have texted a telephone ($1) from one of our numbers ($2) since $3, the last first.
select c.organization_id
from private.correspondents($1, $2, $3) as c (organization_id)
