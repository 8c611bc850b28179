-- An appointment, and what its organization and its customer say of text messages.
select
    a.customer_id,
    a.customer_phone::text,
    a.service_address,
    a.scheduled_date,
    a.scheduled_time,
    a.status in ('pending', 'confirmed') as is_live,
    exists (select from private.unconfirmed_appointments as u where u.appointment_id = a.id) as is_unconfirmed,
    a.language_preference::text,
    o.name::text as organization_name,
    private.time_zone(o.timezone) as timezone,
    o.settings -> 'dial_countries' as dial_countries,
    r.confirmations,
    r.reminders,
    r.quiet_from,
    r.quiet_until,
    coalesce(
        (
            select c.status = 'withdrawn'
            from public.sms_consents as c
            where c.organization_id = $1 and c.phone_number = a.customer_phone
            order by c.created_at desc, c.id desc
            limit 1
        ),
        false
    ) as is_opted_out
from public.appointments as a
join public.organizations as o on o.id = a.organization_id
cross join lateral private.message_rules(o.settings) as r
where a.organization_id = $1 and a.id = $2
