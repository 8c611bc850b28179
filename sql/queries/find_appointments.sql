-- The appointments of whoever calls from a number ($2), and those made in this very call ($3): what is to come, and what was to come and is
-- called off. At most twenty.
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
where
    a.organization_id = $1
    and (a.customer_phone = $2 or a.vapi_call_id = $3)
    and a.scheduled_date >= (private.clock() at time zone private.time_zone(o.timezone))::date
    and a.scheduled_date + a.scheduled_time > private.clock() at time zone private.time_zone(o.timezone)
    and a.status in ('pending', 'confirmed', 'cancelled')
order by a.scheduled_date, a.scheduled_time, a.id
limit 20
