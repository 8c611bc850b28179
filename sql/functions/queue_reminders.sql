-- Queues the reminders of an organization for the visits of the next day, and says how many. A service that was away at the hour catches
-- up: then it is the visits until the end of the day after the hour that was missed, as far as they are still ahead. One of several
-- workers does it; the others find nothing due.
create or replace function private.queue_reminders(org_id uuid) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    organization record;
    queued integer := 0;
begin
    perform private.require_organization(org_id);
    select
        s.next_at,
        coalesce(o.timezone, 'America/New_York') as zone,
        r.reminders,
        r.reminder_time
    into organization
    from private.reminder_schedule as s
    join public.organizations as o on o.id = s.organization_id
    cross join lateral private.message_rules(o.settings) as r
    where s.organization_id = org_id and s.next_at <= private.clock()
    for update of s skip locked;
    if not found then
        return 0;
    end if;
    if organization.reminders then
        insert into private.outbox (organization_id, kind, priority, dedupe_key, appointment_id, payload, due_at)
        select
            org_id,
            'sms',
            6,
            format('appointment:%s:reminder:%s %s', a.id, a.scheduled_date, a.scheduled_time),
            a.id,
            jsonb_build_object(
                'template', 'reminder', 'date', a.scheduled_date, 'time', to_char(a.scheduled_time, 'HH24:MI')
            ),
            private.clock()
        from public.appointments as a
        where
            a.organization_id = org_id
            and a.status in ('pending', 'confirmed')
            and a.scheduled_date
            between (private.clock() at time zone organization.zone)::date
            and (organization.next_at at time zone organization.zone)::date + 1
            and a.scheduled_date > (organization.next_at at time zone organization.zone)::date
            and a.scheduled_date + a.scheduled_time > private.clock() at time zone organization.zone
            and not coalesce(a.sms_reminder_sent, false)
            and a.created_at < organization.next_at
            and a.customer_phone ~ '^\+[1-9][0-9]{7,14}$'
        on conflict (organization_id, dedupe_key) do nothing;
        get diagnostics queued = row_count;
    end if;
    update private.reminder_schedule as s
    set next_at = private.next_reminder(organization.zone, organization.reminder_time)
    where s.organization_id = org_id;
    return queued;
end
$$;

revoke execute on function private.queue_reminders(uuid) from public;
grant execute on function private.queue_reminders(uuid) to frontdesk_app;

-- Organizations from before there was a schedule.
insert into private.reminder_schedule (organization_id, next_at)
select o.id, private.next_reminder(coalesce(o.timezone, 'America/New_York'), r.reminder_time)
from public.organizations as o
cross join lateral private.message_rules(o.settings) as r
where not exists (select from private.reminder_schedule as s where s.organization_id = o.id);
