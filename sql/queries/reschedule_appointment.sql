-- Moves an appointment ($2), or says why not with what is free instead. The first column is the outcome.
select
    r.outcome,
    r.slot_date,
    r.start_time,
    r.end_time
from private.reschedule_appointment($1, $2, $3, $4, $5) as r
