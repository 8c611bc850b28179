-- Connects an account ($2) of an organization ($1) with a provider ($3), at an address ($4), as somebody ($5), with a credential ($6) that was
-- sealed with a key ($7), which may do so much ($8).
select private.connect_calendar_account($1, $2, $3, $4, $5, $6, $7, $8)
