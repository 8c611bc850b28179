-- Since when an organization, or one of its crews ($2), has a feed of its appointments, and how many crews there are. No row: there is no such
-- organization.
select f.created_at, r.capacity
from public.organizations as o
cross join lateral private.booking_rules(o.settings) as r
left join private.calendar_feeds as f on f.organization_id = o.id and f.crew is not distinct from $2
where o.id = $1
