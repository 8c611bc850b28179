-- What is due at a moment ($1), at most so many of each kind ($2), and when there will be more: ids only.
select a.kind, a.organization_id, a.id, a.due_at
from private.agenda($1, $2) as a
