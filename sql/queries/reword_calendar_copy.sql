-- Stores what ($5) a copy ($2), claimed until $3, says now, in the version that it has since ($4). What somebody made of it otherwise stands.
update private.calendar_copies as c
set written = $5, etag = coalesce($4, c.etag)
where c.organization_id = $1 and c.id = $2 and c.claimed_until = $3
