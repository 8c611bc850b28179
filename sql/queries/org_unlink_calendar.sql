-- Ends a link ($2) of an organization ($1).
select private.unlink_calendar($1, $2)
