-- Stores what an owner came back with, with a state ($2): a code ($3, sealed with $4), or why there is none ($5). Only the first time.
update private.calendar_consents as c
set code = $3, key_id = $4, refusal = $5
where c.organization_id = $1 and c.state_hash = $2 and c.code is null and c.refusal is null
returning c.organization_id
