-- Replaces a credential's plain text by its sealed form.
update private.organization_secrets as s
set secret = $3, key_id = $4
where s.organization_id = $1 and s.name = $2 and s.key_id is null
