-- Removes the feed of an organization, or of one of its crews ($2). No row: there was none.
delete from private.calendar_feeds as f
where f.organization_id = $1 and f.crew is not distinct from $2
returning f.created_at
