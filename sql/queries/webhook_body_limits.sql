-- The organizations that have set the largest body of their webhook: read at the start and after each announced change.
select l.organization_id, l.bytes
from private.webhook_body_limits() as l
