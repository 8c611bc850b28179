-- Opens an emergency, or adds to one that is under way; one row.
select
    i.incident_id,
    i.is_added
from private.open_incident($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as i
