-- The organizations whose calls are suspended: read at the start and after each announced change.
select s.organization_id
from private.suspended_organizations() as s
