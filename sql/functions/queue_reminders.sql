-- Queues the reminders of an organization for the appointments of the next day, and says how many. A service that was away at the hour catches
-- up on the same day; after that the reminder would not be true any more. An appointment that was booked since the hour needs none: it was
-- confirmed a moment ago. One of several workers does it; the others find nothing due.
create or replace function private.queue_reminders(org_id uuid) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    organization record;
    now_local timestamp;
    queued integer := 0;
begin
    perform private.require_organization(org_id);
    select
        private.time_zone(o.timezone) as zone,
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
    now_local := private.clock() at time zone organization.zone;
    if organization.reminders and now_local::time >= organization.reminder_time then
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
            and a.scheduled_date = now_local::date + 1
            and not coalesce(a.sms_reminder_sent, false)
            and a.created_at < (now_local::date + organization.reminder_time) at time zone organization.zone
            and private.is_e164(a.customer_phone)
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
