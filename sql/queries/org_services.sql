-- The services that are offered, by name, each with whether a crew that can be sent is able to do it.
select
    jsonb_build_object(
        'name', s.name,
        'spanish', s.name_es,
        'keywords', s.keywords,
        'minutes', s.duration_minutes,
        'before_minutes', s.buffer_before_minutes,
        'after_minutes', s.buffer_after_minutes,
        'skill', s.required_skill,
        'price_from', s.price_from,
        'price_to', s.price_to,
        'is_default', s.is_default,
        'calendly_event_type', s.calendly_event_type,
        'is_possible', coalesce(private.able_crews(o.id, r.capacity, s.required_skill) <> '{}', true)
    )
from public.organizations as o
cross join lateral private.booking_rules(o.settings) as r
inner join public.services as s on s.organization_id = o.id and s.is_active
where o.id = $1
order by s.name, s.id
