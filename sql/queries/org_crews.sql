-- The crews that can be sent, listed or not.
select jsonb_build_object('number', n.number, 'name', c.name, 'skills', coalesce(c.skills, '{}'))
from public.organizations as o
cross join lateral private.booking_rules(o.settings) as r
cross join lateral generate_series(1, r.capacity) as n (number)
left join public.crews as c on c.organization_id = o.id and c.number = n.number
where o.id = $1
order by n.number
