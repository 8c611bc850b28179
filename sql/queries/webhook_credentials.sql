-- Every live secret of every organization, newest first: read at the start and after each announced change.
select c.organization_id, c.secret
from private.webhook_credentials as c
where c.retired_at is null
order by c.organization_id, c.created_at desc
