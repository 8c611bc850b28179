-- Has a new connection plan what a caller's first question runs through, by asking it for an organization: whichever has a number.
-- Reads, and tells nothing; no row where nobody can be called yet.
select c.reason
from private.some_number() as n (phone_number)
cross join lateral private.organization_of_call(null, null, n.phone_number) as o
cross join lateral private.bind(o.organization_id, now()::text) as b (organization_id)
cross join lateral private.check_availability(
    b.organization_id, current_date, private.needs_of(b.organization_id, null, 60, null, null), null, null
) as c
cross join lateral private.caller_language(b.organization_id, null, null) as l
