-- Cancels a job before it was sent, because what it was to tell is no longer so ($3 says why).
update private.outbox as o
set
    state = 'cancelled',
    due_at = null,
    settled_at = private.clock(),
    error_code = $3
where o.organization_id = $1 and o.id = $2
