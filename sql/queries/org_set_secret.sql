-- Keeps a sealed credential of an organization, in place of the one before.
insert into private.organization_secrets as s (organization_id, name, secret, key_id)
select o.id, $2, $3, $4
from public.organizations as o
where o.id = $1
on conflict (organization_id, name) do update
set secret = excluded.secret, key_id = excluded.key_id, set_at = now()
returning s.name
