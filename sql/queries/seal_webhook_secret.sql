-- Replaces a webhook secret's plain text by its sealed form.
update private.webhook_credentials as c
set secret = $3, key_id = $4
where c.organization_id = $1 and c.id = $2 and c.key_id is null
