-- Has a calendar read because its channel ($1), with its secret ($2, its SHA-256), says at a moment ($3) that something changed, or
-- that the channel ends ($4).
select private.announce_calendar_change($1, $2, $3, $4)
