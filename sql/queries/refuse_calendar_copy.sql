-- Gives up a copy ($2), claimed until $3, that its provider refuses with a status ($4).
select private.refuse_calendar_copy($1, $2, $3, $4)
