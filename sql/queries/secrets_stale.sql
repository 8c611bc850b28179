-- The credentials that the newest key ($1) has not sealed, locked until they are.
select s.organization_id, s.name, s.secret, s.key_id
from private.organization_secrets as s
where s.key_id is distinct from $1
order by s.organization_id, s.name
for update
