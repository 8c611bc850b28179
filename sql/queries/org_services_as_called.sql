-- What an organization ($1) does, as a call knows it when it chooses the service that a caller means.
select
    jsonb_build_object(
        'id', s.id, 'name', s.name, 'name_es', s.name_es, 'keywords', s.keywords, 'is_default', s.is_default
    )
from public.services as s
where s.organization_id = $1 and s.is_active
order by s.name, s.id
