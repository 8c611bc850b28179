-- Has the linked calendars of an organization ($1), or one of them ($2), read as a whole.
update private.calendar_links as l
set due_at = private.clock(), cursor = null, last_full_at = null
where l.organization_id = $1 and l.id = coalesce($2, l.id) and (l.reads or l.writes)
returning l.id
