-- The incidents that a code ($1) or an id ($2) means, of one organization ($3) or any, the last first. Codes come round after 900.
select
    jsonb_build_object(
        'id', i.id, 'code', i.code, 'organization_id', i.organization_id, 'organization', o.name,
        'timezone', private.time_zone(o.timezone), 'status', i.status, 'opened_at', i.opened_at
    )
from public.emergency_incidents as i
join public.organizations as o on o.id = i.organization_id
where (i.id = $2 or i.code = $1) and ($3::uuid is null or i.organization_id = $3)
order by i.opened_at desc, i.id
limit 20
