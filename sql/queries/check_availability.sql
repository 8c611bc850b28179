-- What is free on a day ($3) for a service ($6, null for any) or a visit of so many minutes ($4), at an address ($7) in a postal code
-- ($8) as far as they are known; if nothing, why, and the next day that has something. What this call ($5) holds is free to it.
-- Never without a row: one whose slot is null says that nothing can be offered at all.
--
-- The statement binds itself to the organization ($1, $2), and brings the language of the caller ($9) along where it is not known
-- yet ($10): it is asked while the caller waits, so it is the only one that is sent.
with caller as materialized (
    select
        b.organization_id,
        case when $10 then private.caller_language(b.organization_id, $5, $9) end as language
    from private.bind($1, $2) as b (organization_id)
)

select
    c.reason,
    c.slot_date,
    c.start_time,
    c.end_time,
    o.language
from caller as o
cross join lateral private.check_availability(
    o.organization_id, $3, private.needs_of(o.organization_id, $6, $4, $7, $8), $5, null
) as c
