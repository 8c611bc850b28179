-- The page that a link in an e-mail was made for.
select
    n.incident_id,
    n.step,
    n.phone_number::text,
    i.code,
    i.status::text,
    s.language_code
from public.emergency_notifications as n
join public.emergency_incidents as i on i.id = n.incident_id
join private.incident_steps as s on s.incident_id = n.incident_id and s.step = n.step
where n.organization_id = $1 and n.id = $2
