-- How many live appointments there are on these days.
select count(*)
from public.appointments as a
where
    a.organization_id = $1
    and a.scheduled_date between $2 and $3
    and a.status in ('pending', 'confirmed')
