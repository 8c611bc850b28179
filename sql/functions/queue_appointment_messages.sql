-- Tells a customer by text message of an appointment that was moved, cancelled, booked after all, or confirmed after it was booked without
-- knowing what linked calendars say, whoever wrote it: a tool, a dashboard, anything else. Of one that is added private.enter_appointment() tells. What was to be told before and is no longer so is not told.
-- Nothing is said of appointments in the past, to a number that is not in international form, or while `frontdesk.quiet` is on: for those who
-- import appointments, or have told the customer already. The words are found when the message is sent. It runs as its owner, because a dashboard
-- may not use schema private.
create or replace function private.queue_appointment_messages() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    is_live constant boolean := new.status in ('pending', 'confirmed');
    was_live constant boolean := old.status in ('pending', 'confirmed');
    is_moved constant boolean := (new.scheduled_date, new.scheduled_time) is distinct from (old.scheduled_date, old.scheduled_time);
    template text;
begin
    if new.status <> 'pending' then
        delete from private.unconfirmed_appointments as u where u.appointment_id = new.id;
        if not found and is_live and was_live and not is_moved then
            return null;
        end if;
    end if;
    update private.outbox as o
    set state = 'cancelled', due_at = null, settled_at = private.clock(), error_code = 'changed'
    where o.appointment_id = new.id and o.kind = 'sms' and o.state = 'pending';
    template := case
        when is_live and was_live and is_moved then 'change'
        when is_live then 'confirmation'
        when was_live and new.status = 'cancelled' then 'cancellation'
    end;
    if
        template is null
        or current_setting('frontdesk.quiet', true) = 'on'
        or private.is_e164(new.customer_phone) is not true
    then
        return null;
    end if;
    -- Who was never told of an appointment need not hear that it is off.
    if
        template = 'cancellation'
        and not exists (
            select from private.outbox as o
            where o.appointment_id = new.id and o.kind = 'sms' and o.state in ('sending', 'unknown', 'accepted', 'done')
        )
    then
        return null;
    end if;
    insert into private.outbox (organization_id, kind, priority, dedupe_key, appointment_id, payload, due_at)
    select
        new.organization_id,
        'sms',
        5,
        format('appointment:%s:%s:%s', new.id, template, pg_current_xact_id()),
        new.id,
        jsonb_build_object(
            'template', template, 'date', new.scheduled_date, 'time', to_char(new.scheduled_time, 'HH24:MI')
        ),
        private.clock()
    from public.organizations as o
    where
        o.id = new.organization_id
        -- As private.message_rules() reads it: they are sent unless the settings say that they are not.
        and o.settings #> '{messages,confirmations}' is distinct from 'false'
        and new.scheduled_date + new.scheduled_time > private.clock() at time zone private.time_zone(o.timezone)
    on conflict (organization_id, dedupe_key) do nothing;
    return null;
end
$$;

revoke execute on function private.queue_appointment_messages() from public;

create or replace trigger queue_changed_appointment_messages
after update of status, scheduled_date, scheduled_time on public.appointments
for each row
when (
    (new.scheduled_date, new.scheduled_time) is distinct from (old.scheduled_date, old.scheduled_time)
    or (new.status in ('pending', 'confirmed')) is distinct from (old.status in ('pending', 'confirmed'))
    or old.status = 'pending' and new.status = 'confirmed'
)
execute function private.queue_appointment_messages();
