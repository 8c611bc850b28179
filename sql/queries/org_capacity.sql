-- How many crews an organization ($1) has. No row: there is no such organization.
select r.capacity
from public.organizations as o
cross join lateral private.booking_rules(o.settings) as r
where o.id = $1
