-- The visits under a name ($2), as private.name_key() spells it, for a caller who is not known by their number: the address must match
-- as well, which is seen to where addresses are understood. At most twenty.
select
    a.id,
    a.customer_name,
    a.service_address,
    a.scheduled_date,
    a.scheduled_time,
    a.duration_minutes,
    a.status in ('pending', 'confirmed') as is_live
from public.appointments as a
inner join public.organizations as o on o.id = a.organization_id
where
    a.organization_id = $1
    and private.name_key(a.customer_name) = private.name_key($2)
    and a.scheduled_date >= (private.clock() at time zone coalesce(o.timezone, 'America/New_York'))::date
    and a.scheduled_date + a.scheduled_time > private.clock() at time zone coalesce(o.timezone, 'America/New_York')
    and a.status in ('pending', 'confirmed', 'cancelled')
order by a.scheduled_date, a.scheduled_time, a.id
limit 20
