-- The next appointment of an organization, or one that is made up, without the customer's name.
select
    o.name::text,
    coalesce(a.service_address, '12 Elm Street') as service_address,
    coalesce(a.scheduled_date, current_date + 7) as scheduled_date,
    coalesce(a.scheduled_time, '09:00') as scheduled_time
from public.organizations as o
left join lateral (
    select v.service_address, v.scheduled_date, v.scheduled_time
    from public.appointments as v
    where v.organization_id = o.id and v.status in ('pending', 'confirmed') and v.scheduled_date > current_date
    order by v.scheduled_date, v.scheduled_time
    limit 1
) as a on true
where o.id = $1
