-- Holds a time ($3, $4) for a call ($2), or says why not with what is free instead. The first column is the outcome.
select
    h.outcome,
    h.expires_at,
    h.slot_date,
    h.start_time,
    h.end_time
from private.hold_slot($1, $2, $3, $4, $5, $6, $7) as h
