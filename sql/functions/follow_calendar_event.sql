-- Does what somebody asked for by moving or deleting an event of ours in a linked calendar. An appointment that is moved or lasts longer
-- or shorter there follows if its crew is free then, whatever the opening hours and the lead time are: whoever has the calendar decides
-- that; its customer is told as of any move. Else it stands, the calendar keeps its version, and the staff are told once. What becomes of an
-- appointment whose event was deleted is up to the organization: `settings.calendar.deleted` is ask, cancel or restore.
create or replace function private.follow_calendar_event(org_id uuid, copy uuid) returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    now constant timestamptz := private.clock();
    found_copy private.calendar_copies;
    appointment public.appointments;
    rules record;
    starts timestamp;
    minutes integer;
    wanted tsrange;
    is_free boolean;
begin
    perform private.require_organization(org_id);
    perform private.lock_organization(org_id);
    select c.* into found_copy
    from private.calendar_copies as c
    where c.organization_id = org_id and c.id = copy and c.seen_at <= now - interval '2 minutes'
    for update;
    if not found then
        return 'later';
    end if;
    select a.* into appointment
    from public.appointments as a
    where
        a.organization_id = org_id
        and a.id = found_copy.appointment_id
        and a.status in ('pending', 'confirmed');
    if not found then
        -- It is off anyway: what is left of it is removed.
        update private.calendar_copies as c set seen = null, seen_at = null where c.id = copy;
        return 'over';
    end if;
    select k.zone, r.deleted
    into rules
    from private.calendars as k
    join public.organizations as o on o.id = org_id
    cross join lateral private.calendar_rules(o.settings) as r
    where k.organization_id = org_id;

    -- Calendly would write once more to a customer who may have cancelled it.
    if rules.deleted = 'restore' and exists (
        select from private.calendar_links as l
        join private.calendar_accounts as a on a.id = l.account_id
        where l.id = found_copy.link_id and a.provider = 'calendly'
    ) then
        rules.deleted := 'ask';
    end if;
    if found_copy.seen is null then
        -- Its id is never free again.
        update private.calendar_copies as c
        set
            resource = null, etag = null, written = null, seen = null, seen_at = null, generation = c.generation + 1,
            due_at = case when rules.deleted = 'restore' then now end
        where c.id = copy;
        if rules.deleted = 'cancel' then
            update private.calendar_copies as c set is_wanted = false, due_at = null where c.id = copy;
            update public.appointments as a set status = 'cancelled' where a.id = appointment.id;
        elsif rules.deleted = 'ask' then
            perform private.open_calendar_conflict(
                org_id,
                found_copy.link_id,
                appointment.id,
                'deleted',
                format(
                    'The event of the appointment on %s at %s was deleted in a linked calendar. The appointment stands: cancel it, or '
                    || 'leave it.',
                    to_char(appointment.scheduled_date, 'FMDay, YYYY-MM-DD'),
                    to_char(appointment.scheduled_time, 'HH24:MI')
                )
            );
        end if;
        return rules.deleted;
    end if;

    starts := (found_copy.seen ->> 'starts')::timestamp;
    minutes := (found_copy.seen ->> 'minutes')::integer;
    if
        date_trunc('minute', starts) = starts
        and minutes between 1 and 480
        and upper(appointment.busy) > now at time zone rules.zone
        and (starts at time zone rules.zone > now or starts = appointment.scheduled_date + appointment.scheduled_time)
    then
        wanted := private.busy_range(starts, minutes, rules.zone);
        is_free := not exists (
            select from public.appointments as a
            where
                a.organization_id = org_id
                and a.id <> appointment.id
                and a.status in ('pending', 'confirmed')
                and a.scheduled_date between starts::date - 1 and starts::date + 1
                and a.crew = appointment.crew
                and a.busy && wanted
        )
        and not exists (
            select from private.external_events as e
            where e.organization_id = org_id and e.crew in (0, appointment.crew) and e.span && wanted
        );
        if is_free then
            begin
                update private.calendar_copies as c
                set written = c.seen || jsonb_build_object('text', c.written -> 'text', 'is_tentative', c.written -> 'is_tentative'),
                    seen = null,
                    seen_at = null
                where c.id = copy;
                update public.appointments as a
                set scheduled_date = starts::date, scheduled_time = starts::time, duration_minutes = minutes, crew = appointment.crew
                where a.id = appointment.id;
                perform private.close_calendar_conflicts(org_id, found_copy.link_id);
                return 'moved';
            exception
                -- Somebody who does not take the lock was first.
                when exclusion_violation then null;
            end;
        end if;
    end if;
    update private.calendar_copies as c set due_at = null where c.id = copy;
    perform private.open_calendar_conflict(
        org_id,
        found_copy.link_id,
        appointment.id,
        'moved',
        format(
            'The event of the appointment on %s at %s was moved in a linked calendar to where the appointment cannot go. Move one of them.',
            to_char(appointment.scheduled_date, 'FMDay, YYYY-MM-DD'),
            to_char(appointment.scheduled_time, 'HH24:MI')
        )
    );
    return 'kept';
end
$$;

revoke execute on function private.follow_calendar_event(uuid, uuid) from public;
grant execute on function private.follow_calendar_event(uuid, uuid) to frontdesk_app;
