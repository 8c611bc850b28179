-- How linked calendars are, across all organizations: for the metrics.
select
    f.live_links,
    f.failing_links,
    f.revoked_links,
    f.oldest_sync_seconds,
    f.waiting_copies,
    f.open_conflicts
from private.calendar_figures($1) as f
