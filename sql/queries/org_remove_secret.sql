-- Forgets a credential of an organization.
delete from private.organization_secrets as s
where s.organization_id = $1 and s.name = $2
returning s.name
