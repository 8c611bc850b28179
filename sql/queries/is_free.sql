-- Whether an appointment can start at a time ($2, $3): for a service ($5) or of so many minutes ($4), at an address ($6) in a postal code ($7).
-- What this call ($8) holds is free to it.
select coalesce(private.is_free($1, $2, $3, private.service_requirements($1, $5, $4, $6, $7), $8, null), false)
