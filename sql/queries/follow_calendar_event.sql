-- Does what somebody asked for by moving or deleting the event of a copy ($2), if two minutes are over.
select private.follow_calendar_event($1, $2)
