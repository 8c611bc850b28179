-- What a call needs to know of its organization. The assistant that speaks decides the language: the one in the message ($2), else
-- the one assigned to the number ($3), else the organization's first.
select
    o.id as organization_id,
    o.name,
    coalesce(o.timezone, 'America/New_York') as timezone,
    s.language,
    s.vapi_assistant_id,
    o.transfer_phone_number,
    o.emergency_contact_phone,
    o.transfer_mode,
    o.settings -> 'languages' as languages,
    (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'id', v.id, 'name', v.name, 'name_es', v.name_es, 'keywords', v.keywords, 'is_default', v.is_default
                    )
                    order by v.name, v.id
                ),
                '[]'
            )
        from public.services as v
        where v.organization_id = o.id and v.is_active
    ) as services
from public.organizations as o
left join lateral (
    select a.vapi_assistant_id, a.language
    from public.vapi_assistants as a
    where a.organization_id = o.id and a.is_active
    order by
        (a.vapi_assistant_id = $2) desc nulls last,
        (a.id = $3) desc nulls last,
        a.created_at,
        a.id
    limit 1
) as s on true
where o.id = $1
