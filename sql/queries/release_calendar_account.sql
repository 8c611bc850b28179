-- Releases an account ($2), and stores the credential ($4, sealed with $5; null: the same) that the provider gave in place of the earlier one ($6)
-- of this name ($3), unless somebody connected it anew meanwhile.
with stored as (
    update private.organization_secrets as s
    set secret = $4, key_id = $5
    where s.organization_id = $1 and s.name = $3 and s.secret = $6 and $4 is not null
)

update private.calendar_accounts as a
set claimed_until = null
where a.organization_id = $1 and a.id = $2
