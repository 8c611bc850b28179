-- Emergencies that nobody has and that reached nobody: of one organization ($1) or of all, the last first. One that is still being told, and
-- one that the fallback number has, are not among them.
select
    jsonb_build_object(
        'organization_id', i.organization_id,
        'organization', o.name,
        'code', i.code,
        'opened_at', i.opened_at,
        'reasons', p.reasons
    )
from public.emergency_incidents as i
join public.organizations as o on o.id = i.organization_id
cross join lateral (
    select
        count(*) as pages,
        coalesce(bool_and(n.status = 'failed'), false) as have_all_failed,
        coalesce(bool_or(n.status in ('sent', 'delivered', 'acknowledged')), false) as has_reached_one,
        coalesce(jsonb_agg(distinct n.error_code) filter (where n.error_code is not null), '[]') as reasons
    from public.emergency_notifications as n
    where n.incident_id = i.id
) as p
where
    i.status in ('open', 'exhausted')
    and ($1::uuid is null or i.organization_id = $1)
    and not p.has_reached_one
    and (i.status = 'exhausted' or p.have_all_failed)
    and not exists (
        select
        from private.outbox as f
        where
            f.organization_id = i.organization_id
            and f.kind = 'fallback'
            and f.state in ('accepted', 'done')
            and f.payload ->> 'incident_id' = i.id::text
    )
order by i.opened_at desc, i.id
limit 101
