-- For whom Calendly books the appointment of a copy ($2), and as what; no row where its service is not booked there, or there is no e-mail
-- address.
select s.calendly_event_type as event_type, a.customer_email::text as email, a.customer_name::text as name
from private.calendar_copies as c
join public.appointments as a on a.id = c.appointment_id and a.customer_email like '%_@_%'
join public.services as s on s.organization_id = $1 and s.id = a.service_id and s.calendly_event_type is not null
where c.organization_id = $1 and c.id = $2
