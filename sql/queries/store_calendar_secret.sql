-- Stores the credential ($3, sealed with $4) that a provider gave in place of an earlier one ($5) of this name ($2), unless it was replaced
-- meanwhile.
update private.organization_secrets as s
set secret = $3, key_id = $4
where s.organization_id = $1 and s.name = $2 and s.secret = $5
returning s.name
