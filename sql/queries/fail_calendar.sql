-- Notes why ($4) a linked calendar ($2), claimed until $3, could not be read, and when it is tried again ($5).
select private.fail_calendar($1, $2, $3, $4, $5)
