-- What day it is for an organization. No row: there is no such organization.
select (private.clock() at time zone private.time_zone(o.timezone))::date as today
from public.organizations as o
where o.id = $1
