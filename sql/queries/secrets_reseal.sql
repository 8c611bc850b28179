-- Replaces a credential by what another key made of it.
update private.organization_secrets as s
set secret = $3, key_id = $4
where s.organization_id = $1 and s.name = $2
