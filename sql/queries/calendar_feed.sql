-- The appointments that a feed of an organization, or of one of its crews ($2), shows: from 30 days ago as far ahead as can be booked, and
-- cancelled ones for a week. At most 20,000. What its settings keep from calendars is not read. One row without an appointment: there are none.
select
    o.name,
    a.id,
    a.revision,
    coalesce(a.updated_at, a.created_at, timestamptz 'epoch') as changed_at,
    a.status::text,
    -- A time that the clocks skip has no first instant.
    coalesce(
        private.first_instant(a.scheduled_date + a.scheduled_time, w.zone),
        (a.scheduled_date + a.scheduled_time) at time zone w.zone
    ) as starts_at,
    a.duration_minutes,
    s.name as service,
    a.service_address,
    case when w.details in ('name', 'full') then a.customer_name end as customer_name,
    case when w.details = 'full' then a.customer_phone end as customer_phone,
    -- Without a service of the catalogue the kind is in the caller's own words, which are no title.
    case
        when w.details = 'full' then coalesce(a.service_description, case when s.id is null then a.appointment_type end)
    end as service_description
from public.organizations as o
cross join lateral (
    select
        private.time_zone(o.timezone) as zone,
        (private.clock() at time zone private.time_zone(o.timezone))::date as today,
        b.horizon_days,
        c.details
    from private.booking_rules(o.settings) as b
    cross join lateral private.calendar_rules(o.settings) as c
) as w
left join lateral (
    select u.*
    from (
        select v.*
        from public.appointments as v
        where
            v.organization_id = $1
            and v.scheduled_date between w.today - 30 and w.today + w.horizon_days
            and v.status in ('pending', 'confirmed')
            and ($2::integer is null or v.crew = $2)
        union all
        select v.*
        from public.appointments as v
        where
            v.organization_id = $1
            and v.scheduled_date between w.today - 30 and w.today + w.horizon_days
            and v.status in ('cancelled', 'completed', 'no_show')
            and (v.status <> 'cancelled' or v.cancelled_at > private.clock() - interval '7 days')
            and ($2::integer is null or v.crew = $2)
    ) as u
    order by u.scheduled_date, u.scheduled_time, u.id
    limit 20000
) as a on true
left join public.services as s on s.organization_id = $1 and s.id = a.service_id
where o.id = $1
order by a.scheduled_date, a.scheduled_time, a.id
