-- The credentials of one organization that are still plain, locked until they are sealed.
select s.name, s.secret
from private.organization_secrets as s
where s.organization_id = $1 and s.key_id is null
for update
