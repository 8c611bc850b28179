-- Applies what a linked calendar ($2) said, claimed until $3: everything ($4) or what has changed, as resources ($5), the new cursor ($6), for
-- the days from $7 to $8.
select a.is_applied, a.events, a.blocks, a.conflicts
from private.apply_calendar_listing($1, $2, $3, $4, $5, $6, $7, $8) as a
