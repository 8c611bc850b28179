-- The appointment that the last message to a number ($2) was about, if it is that number's, and whether it is live and still ahead.
select
    a.id,
    a.scheduled_date,
    a.scheduled_time,
    a.language_preference::text,
    a.status in ('pending', 'confirmed')
    and a.scheduled_date + a.scheduled_time > private.clock() at time zone private.time_zone(o.timezone) as is_open
from (
    select s.appointment_id
    from public.sms_communications as s
    where
        s.organization_id = $1
        and s.phone_number = $2
        and s.direction = 'outbound'
        and s.appointment_id is not null
    order by s.created_at desc
    limit 1
) as m
join public.appointments as a on a.id = m.appointment_id
join public.organizations as o on o.id = a.organization_id
where a.organization_id = $1 and a.customer_phone = $2
