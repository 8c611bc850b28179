-- Holds the organization's row, so that two operators do not decide on the same thing at once. Bookings go on meanwhile.
select o.id
from public.organizations as o
where o.id = $1
for no key update
