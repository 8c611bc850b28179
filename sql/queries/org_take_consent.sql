-- Takes what an owner came back with, with a state ($1), for an organization ($2), if they have.
delete from private.calendar_consents as c
where c.state_hash = $1 and c.organization_id = $2 and (c.code is not null or c.refusal is not null)
returning c.code, c.key_id, c.refusal
