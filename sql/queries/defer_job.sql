-- Has the status of an accepted job checked at $3, or, without it, lets it be as it is known.
update private.outbox as o
set
    due_at = $3,
    state = case when $3::timestamptz is null then 'done' else o.state end,
    settled_at = case when $3::timestamptz is null then private.clock() end
where o.organization_id = $1 and o.id = $2 and o.state = 'accepted'
