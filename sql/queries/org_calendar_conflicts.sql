-- Where linked calendars and appointments of an organization ($1) contradict each other, the last first.
select
    jsonb_build_object(
        'id', c.id,
        'kind', c.kind,
        'appointment_id', c.appointment_id,
        'date', v.scheduled_date,
        'time', to_char(v.scheduled_time, 'HH24:MI'),
        'calendar', l.calendar,
        'opened_at', c.opened_at,
        'task_id', c.task_id
    )
from private.calendar_conflicts as c
join private.calendar_links as l on l.id = c.link_id
join public.appointments as v on v.id = c.appointment_id
where c.organization_id = $1 and c.closed_at is null
order by c.opened_at desc, c.id
limit 201
