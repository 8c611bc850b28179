-- How linked calendars are, across all organizations: for the gauges of these names; of the links a gauge with each state.
select
    f.live_links::float8,
    f.failing_links::float8,
    f.revoked_links::float8,
    f.oldest_sync_seconds as calendar_oldest_sync_seconds,
    f.waiting_copies::float8 as calendar_copies_waiting,
    f.open_conflicts::float8 as calendar_open_conflicts
from private.calendar_figures($1) as f
