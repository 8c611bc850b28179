-- Every live secret of every organization, sealed, newest first: read at the start and after each announced change.
select c.organization_id, c.secret, c.key_id
from private.live_webhook_credentials() as c
