-- Has the linked calendars of an organization ($1), or one of them ($2), read as a whole; not those whose account is revoked.
update private.calendar_links as l
set due_at = private.clock(), cursor = null, last_full_at = null
from private.calendar_accounts as a
where
    l.organization_id = $1
    and l.id = coalesce($2, l.id)
    and (l.reads or l.writes)
    and a.id = l.account_id
    and a.state = 'live'
returning l.id
