-- What is free on a day ($2) for a service ($5, null for any) or a visit of so many minutes ($3), at an address ($6) in a postal code
-- ($7) as far as they are known; if nothing, why, and the next day that has something. What this call ($4) holds is free to it.
-- Never without a row: one whose slot is null says that nothing can be offered at all.
select
    c.reason,
    c.slot_date,
    c.start_time,
    c.end_time
from private.check_availability($1, $2, private.needs_of($1, $5, $3, $6, $7), $4, null) as c
