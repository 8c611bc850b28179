-- Stores what stands in a calendar of a copy ($2), claimed until $3: its id ($4), its version ($5), and what was written ($6). An appointment
-- that changed meanwhile is due again.
select private.complete_calendar_copy($1, $2, $3, $4, $5, $6)
