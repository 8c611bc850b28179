-- The webhook secrets that the newest key ($1) has not sealed, locked until they are; retired ones too, so that no key is needed
-- for them.
select c.organization_id, c.id, c.secret, c.key_id
from private.webhook_credentials as c
where c.key_id is distinct from $1
order by c.organization_id, c.id
for update
