-- Every contact of an organization, in the order in which they are asked, under the names by which they are set. A start alone
-- lasts until midnight, an end alone begins at midnight.
select
    jsonb_build_object(
        'id', c.id,
        'name', c.name,
        'phone', c.phone,
        'extension', coalesce(private.phone_extension(c.phone), c.phone_extension),
        'email', c.email,
        'role', c.role,
        'priority', c.priority,
        'days', c.available_days,
        'hours', case
            when coalesce(c.available_hours_start, c.available_hours_end) is not null
                then
                    coalesce(left(c.available_hours_start::text, 5), '00:00')
                    || '-' || coalesce(left(c.available_hours_end::text, 5), '24:00')
        end,
        'primary', coalesce(c.is_primary, false),
        'active', coalesce(c.is_active, false),
        'on_call_now', c.id in (select n.id from private.on_call_contacts($1) as n),
        'sms', coalesce(c.sms_enabled, true),
        'call', coalesce(c.call_enabled, true),
        'email_enabled', coalesce(c.email_enabled, false),
        'escalation_timeout', c.escalation_timeout
    )
from public.emergency_contacts as c
where c.organization_id = $1
order by c.priority nulls last, c.is_primary desc nulls last, c.created_at, c.id
