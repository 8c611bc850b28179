-- What is due across all organizations, as ids; the last row says when there will be more.
select
    w.kind,
    w.organization_id,
    w.id,
    w.due_at
from private.due_jobs($1, $2) as w
