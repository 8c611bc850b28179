-- The webhook secrets of one organization that are still plain, locked until they are sealed.
select c.id, c.secret
from private.webhook_credentials as c
where c.organization_id = $1 and c.key_id is null
for update
