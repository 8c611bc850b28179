-- The live secrets of an organization, newest first.
select c.id
from private.webhook_credentials as c
where c.organization_id = $1 and c.retired_at is null
order by c.created_at desc
