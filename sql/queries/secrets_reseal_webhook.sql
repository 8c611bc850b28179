-- Replaces a webhook secret by what another key made of it.
update private.webhook_credentials as c
set secret = $2, key_id = $3
where c.id = $1
