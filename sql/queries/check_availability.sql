-- What is free on a day ($3) for a service ($5, null for any) or an appointment of so many minutes ($4), at an address ($6) in a postal code
-- ($7) as far as they are known; if nothing, why, and the next day that has something; and whether what linked calendars said counts no longer.
-- What this call ($8) holds is free to it. One row.
--
-- The statement binds itself to the organization ($1) and the time ($2), and brings the language of the caller ($9) along where it is not
-- known yet ($10): it is asked while the caller waits, so it is the only one that is sent.
select
    f.reason,
    f.slot_date,
    f.starts,
    f.language,
    f.is_stale
from private.available_times($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as f
