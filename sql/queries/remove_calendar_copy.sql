-- Stores that nothing stands in a calendar of a copy ($2) any more, claimed until $3. One that is wanted again is written anew.
select private.remove_calendar_copy($1, $2, $3)
