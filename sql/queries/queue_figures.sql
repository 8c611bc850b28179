-- How much is due, and how many emergencies nobody has acknowledged, across all organizations: for the gauges of these names.
select
    f.due_jobs::float8 as outbox_due_jobs,
    f.oldest_due_seconds as outbox_oldest_due_seconds,
    f.unacknowledged_incidents::float8 as incidents_unacknowledged,
    f.oldest_unacknowledged_seconds as incidents_oldest_unacknowledged_seconds
from private.queue_figures($1) as f
