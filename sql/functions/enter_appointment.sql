-- Follows an appointment that is added, whoever writes it, in one statement: its customer's counters, the busy time of its days, the text message
-- that tells the customer of it (as private.queue_appointment_messages() has it), its copies in linked calendars (as
-- private.queue_calendar_copies()) and the audit log (as private.write_audit_log()). What
-- becomes of it later is followed by triggers of their own. It runs as its owner, because a dashboard may not use schema private.
create or replace function private.enter_appointment() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    now constant timestamptz := private.clock();
    is_live constant boolean := new.status in ('pending', 'confirmed');
begin
    with counted as (
        -- The customer's row makes those who add at once wait for each other.
        update public.customers as c
        set
            total_appointments = coalesce(c.total_appointments, 0) + 1,
            last_appointment_date = greatest(c.last_appointment_date, new.scheduled_date)
        where
            c.id = new.customer_id
            and new.status <> 'cancelled'
            -- One who was written with this appointment (private.write_appointment()) has it counted.
            and new.customer_id::text is distinct from current_setting('frontdesk.counted', true)
        returning c.id
    ),

    busy as (
        insert into private.busy_days as b (organization_id, day, crew, busy)
        select
            new.organization_id,
            d.day,
            new.crew,
            tsmultirange(s.span * tsrange(d.day, d.day + interval '1 day'))
        from private.calendars as k
        cross join lateral (
            select tsrange(
                lower(new.busy) - make_interval(mins => coalesce(new.buffer_before_minutes, k.before_minutes)),
                upper(new.busy) + make_interval(mins => coalesce(new.buffer_after_minutes, k.after_minutes))
            )
            offset 0
        ) as s (span)
        -- The customer is locked before the days, as by whoever calls an appointment off.
        cross join (select count(*) from counted) as c
        -- An appointment lasts at most 8 hours, and needs at most 4 before it and after it.
        cross join (values (0), (1)) as n (nth)
        cross join lateral (select lower(s.span)::date + n.nth) as d (day)
        where
            k.organization_id = new.organization_id
            and is_live
            -- Nobody looks at what is long past.
            and upper(new.busy) > now at time zone 'UTC' - interval '400 days'
            and d.day < upper(s.span)
        on conflict (organization_id, day, crew) do update
        set busy = b.busy + excluded.busy
    ),

    message as (
        insert into private.outbox (organization_id, kind, priority, dedupe_key, appointment_id, payload, due_at)
        select
            new.organization_id,
            'sms',
            5,
            format('appointment:%s:confirmation:%s', new.id, pg_current_xact_id()),
            new.id,
            jsonb_build_object(
                'template', 'confirmation', 'date', new.scheduled_date, 'time', to_char(new.scheduled_time, 'HH24:MI')
            ),
            now
        from public.organizations as o
        where
            o.id = new.organization_id
            and is_live
            and coalesce(current_setting('frontdesk.quiet', true), '') <> 'on'
            and private.is_e164(new.customer_phone)
            and o.settings #> '{messages,confirmations}' is distinct from 'false'
            and new.scheduled_date + new.scheduled_time > now at time zone private.time_zone(o.timezone)
    ),

    copies as (
        insert into private.calendar_copies (organization_id, link_id, appointment_id, original_id, due_at)
        select new.organization_id, l.id, new.id, new.id, now
        from private.calendar_links as l
        join public.organizations as o on o.id = new.organization_id
        where
            l.organization_id = new.organization_id
            and l.writes
            and (l.crew is null or l.crew = new.crew)
            and o.calendar_sync_enabled
            and is_live
            and new.scheduled_date >= (now at time zone 'UTC')::date - 1
        on conflict do nothing
    )

    insert into public.audit_log (organization_id, table_name, row_id, action, actor_id, actor_role, new_row)
    select
        new.organization_id,
        tg_table_name,
        new.id,
        'insert',
        case when private.caller() = 'authenticated' then auth.uid() end,
        private.caller(),
        to_jsonb(new) - 'updated_at'
    where
        case
            when 'on' in (current_setting('frontdesk.redacting', true), current_setting('frontdesk.importing', true))
                then not private.is_redacting() and not private.is_importing()
            else true
        end;
    return null;
end
$$;

revoke execute on function private.enter_appointment() from public;

create or replace trigger enter_appointment
after insert on public.appointments
for each row
execute function private.enter_appointment();
