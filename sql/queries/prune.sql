-- Removes what the organization that comes after $1 keeps no longer at $2, at most $3 rows of a kind, and says how many there were of each.
select p.organization_id, p.kind, p.pruned
from private.prune($1, $2, $3) as p
