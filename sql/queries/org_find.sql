-- The organization with an id ($1), or all of them, with what decides whether their contacts
-- can be told of an emergency. Of what is known of a number's consent the newest row counts.
select
    jsonb_build_object(
        'id', o.id,
        'name', o.name,
        'timezone', private.time_zone(o.timezone),
        'emergency_contact_phone', nullif(trim(o.emergency_contact_phone), ''),
        'dial_countries', case
            when jsonb_typeof(o.settings -> 'dial_countries') = 'array' then o.settings -> 'dial_countries'
            else '[]'
        end,
        'opted_out', (
            select coalesce(jsonb_agg(n.phone_number) filter (where n.status = 'withdrawn'), '[]')
            from (
                select distinct on (s.phone_number)
                    s.phone_number,
                    s.status
                from public.sms_consents as s
                where s.organization_id = o.id
                order by s.phone_number, s.created_at desc, s.id
            ) as n
        )
    )
from public.organizations as o
where $1::uuid is null or o.id = $1
order by lower(o.name), o.id
