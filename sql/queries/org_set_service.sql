-- Enters a service, or changes the one of that name; what is null stays as it is. There is one default.
with others as (
    update public.services as s
    set is_default = false
    where
        s.organization_id = $1 and s.is_default and $11
        and private.name_key(s.name) <> private.name_key($2)
    returning s.id
)

insert into public.services as s (
    organization_id, name, name_es, keywords, duration_minutes, buffer_before_minutes, buffer_after_minutes,
    required_skill, price_from, price_to, is_default, calendly_event_type
)
select
    $1, $2, $3, coalesce($4, '{}'), coalesce($5, 60), $6, $7, $8, $9, $10, $11, nullif($12, '')
from (select count(*) from others) as o
on conflict (organization_id, private.name_key(name)) do update
set
    name = excluded.name,
    name_es = coalesce($3, s.name_es),
    keywords = coalesce($4, s.keywords),
    duration_minutes = coalesce($5, s.duration_minutes),
    buffer_before_minutes = coalesce($6, s.buffer_before_minutes),
    buffer_after_minutes = coalesce($7, s.buffer_after_minutes),
    required_skill = coalesce($8, s.required_skill),
    price_from = coalesce($9, s.price_from),
    price_to = case when $9 is null then s.price_to else $10 end,
    is_default = s.is_default or $11,
    calendly_event_type = case when $12 is null then s.calendly_event_type else excluded.calendly_event_type end,
    is_active = true
returning s.id
