-- Moves an appointment ($2), or says why not with what is free instead. The first column is the outcome; the last one is asked
-- when the function is done.
select
    r.outcome,
    r.slot_date,
    r.start_time,
    r.end_time,
    private.is_unconfirmed($2) as is_unconfirmed
from private.reschedule_appointment($1, $2, $3, $4, $5) as r
