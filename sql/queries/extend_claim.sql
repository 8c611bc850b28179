-- Extends the claim of a job for as long as reconciling it can take ($3, milliseconds), so that no other worker does so meanwhile.
update private.outbox as o
set due_at = private.clock() + make_interval(secs => $3::integer / 1000.0)
where o.organization_id = $1 and o.id = $2
