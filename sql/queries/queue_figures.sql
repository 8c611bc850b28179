-- How much is due, and how many emergencies nobody has acknowledged, across all organizations: for the metrics.
select
    f.due_jobs,
    f.oldest_due_seconds,
    f.unacknowledged_incidents,
    f.oldest_unacknowledged_seconds
from private.queue_figures($1) as f
