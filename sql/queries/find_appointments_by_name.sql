-- The appointments under a name ($2), as private.name_key() spells it, at an address ($3), for a caller who is not known by their number: both
-- give the number of the house and the street, and nothing that both give differs. At most twenty.
select
    a.id,
    a.customer_name,
    a.service_address,
    a.scheduled_date,
    a.scheduled_time,
    a.duration_minutes,
    a.status in ('pending', 'confirmed') as is_live,
    exists (select from private.unconfirmed_appointments as u where u.appointment_id = a.id) as is_unconfirmed
from public.appointments as a
inner join public.organizations as o on o.id = a.organization_id
-- Read once, not once an appointment.
cross join (select private.address_parts($3) as parts offset 0) as p
where
    a.organization_id = $1
    and private.name_key(a.customer_name) = private.name_key($2)
    -- Whoever gave no name proves nothing by it.
    and not private.is_nobody($2)
    and a.scheduled_date >= (private.clock() at time zone private.time_zone(o.timezone))::date
    and a.scheduled_date + a.scheduled_time > private.clock() at time zone private.time_zone(o.timezone)
    and a.status in ('pending', 'confirmed', 'cancelled')
    and p.parts ? 'number'
    and private.is_same_place(coalesce(a.address_parts, private.address_parts(a.service_address)), p.parts)
order by a.scheduled_date, a.scheduled_time, a.id
limit 20
