-- Whose appointments is the feed with this hash of its token? No row: there is none such.
select f.organization_id, f.crew
from private.find_calendar_feed($1) as f
