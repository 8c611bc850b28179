-- Does what somebody asked for by moving or deleting an event of ours in a linked calendar. An appointment that is moved or lasts longer
-- or shorter there follows if its crew is free then, whatever the opening hours and the lead time are: whoever has the calendar decides
-- that; its customer is told as of any move. One whose event was moved into the calendar of another crew is given to that crew, if it is able
-- and free. Else it stands, the calendars keep their version, and the staff are told once. What becomes of an appointment whose event was
-- deleted is up to the organization: `settings.calendar.deleted` is ask, cancel or restore.
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
    is_gone boolean;
    outcome text;
begin
    perform private.require_organization(org_id);
    perform private.lock_organization(org_id);
    select c.* into found_copy
    from private.calendar_copies as c
    where c.organization_id = org_id and c.id = copy and greatest(c.seen_at, c.found_at) <= now - interval '2 minutes'
    for no key update;
    if not found then
        return 'later';
    end if;
    is_gone := found_copy.seen_at is not null and found_copy.seen is null;
    if found_copy.found_at is not null and (found_copy.found_link_id is null or not is_gone) then
        if not private.is_read_since(found_copy.link_id, found_copy.found_at) then
            return 'later';
        end if;
        perform private.leave_copy_elsewhere(org_id, copy);
        found_copy.found_link_id := null;
    elsif
        is_gone and found_copy.found_link_id is null
        and exists (
            select from private.calendar_links as l
            where
                l.organization_id = org_id
                and l.id <> found_copy.link_id
                and l.crew is not null
                and l.writes
                and not private.is_read_since(l.id, found_copy.seen_at)
        )
    then
        return 'later';
    end if;
    select a.* into appointment
    from public.appointments as a
    where
        a.organization_id = org_id
        and a.id = found_copy.appointment_id
        and a.status in ('pending', 'confirmed');
    if
        not found
        or not found_copy.is_wanted
        and not exists (
            select from private.calendar_links as l where l.id = found_copy.found_link_id and l.crew = appointment.crew
        )
    then
        -- It is off anyway, or another crew's: what is left of it is removed, wherever it lies.
        if found_copy.found_link_id is not null then
            perform private.move_calendar_copy(org_id, copy);
        end if;
        update private.calendar_copies as c set seen = null, seen_at = null where c.id = copy;
        return 'over';
    elsif found_copy.seen_at is null then
        return 'copied';
    elsif is_gone and found_copy.found_link_id is null then
        return private.follow_deleted_event(org_id, found_copy, appointment);
    end if;
    outcome := private.follow_moved_event(org_id, found_copy, appointment);
    if outcome is not null then
        return outcome;
    end if;
    update private.calendar_copies as c
    set due_at = null, found = case when is_gone then c.found || '{"is_kept": true}' end
    where c.id = copy;
    perform private.open_calendar_conflict(
        org_id,
        found_copy.link_id,
        appointment.id,
        'moved',
        format(
            'The event of the appointment on %s at %s was moved %s. Move one of them.',
            to_char(appointment.scheduled_date, 'FMDay, YYYY-MM-DD'),
            to_char(appointment.scheduled_time, 'HH24:MI'),
            case
                when is_gone then 'into the linked calendar of another crew, which cannot take it then'
                else 'in a linked calendar to where the appointment cannot go'
            end
        )
    );
    return 'kept';
end
$$;

revoke execute on function private.follow_calendar_event(uuid, uuid) from public;
grant execute on function private.follow_calendar_event(uuid, uuid) to frontdesk_app;

-- Follows an event that is neither where it was written nor in the calendar of another crew. Five that are gone at once are no five decisions:
-- the staff are told once, and the appointments stand.
create or replace function private.follow_deleted_event(
    org_id uuid, deleted private.calendar_copies, appointment public.appointments
)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    now constant timestamptz := private.clock();
    rule constant text := (
        select
            -- Calendly would write once more to a customer who may have cancelled it.
            case when r.deleted = 'restore' and a.provider = 'calendly' then 'ask' else r.deleted end
        from public.organizations as o
        join private.calendar_links as l on l.id = deleted.link_id
        join private.calendar_accounts as a on a.id = l.account_id
        cross join lateral private.calendar_rules(o.settings) as r
        where o.id = org_id
    );
    gone constant uuid[] := array(
        select c.id from private.calendar_copies as c
        where
            c.link_id = deleted.link_id
            and c.seen_at = deleted.seen_at
            and c.seen is null
            and c.found_link_id is null
            and c.is_wanted
        order by c.original_id
    );
    is_crowd constant boolean := cardinality(gone) >= 5;
begin
    -- Its id is never free again.
    update private.calendar_copies as c
    set
        resource = null, etag = null, written = null, seen = null, seen_at = null, generation = c.generation + 1,
        due_at = case when rule = 'restore' and not is_crowd then now end
    where c.id = deleted.id or is_crowd and c.id = any(gone);
    if is_crowd then
        insert into public.staff_tasks (organization_id, kind, summary, metadata, created_at)
        values (
            org_id,
            'calendar',
            format(
                '%s appointments were deleted from a linked calendar at once. They stand as they are; cancel those that are off.',
                cardinality(gone)
            ),
            jsonb_build_object(
                'link_id', deleted.link_id,
                'appointment_ids', (
                    select jsonb_agg(c.original_id order by c.original_id) from private.calendar_copies as c where c.id = any(gone)
                )
            ),
            now
        );
        return 'ask';
    elsif rule = 'cancel' then
        update private.calendar_copies as c set is_wanted = false, due_at = null where c.id = deleted.id;
        update public.appointments as a set status = 'cancelled' where a.id = appointment.id;
    elsif rule = 'ask' then
        perform private.open_calendar_conflict(
            org_id,
            deleted.link_id,
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
    return rule;
end
$$;

revoke execute on function private.follow_deleted_event(uuid, private.calendar_copies, public.appointments) from public;

-- Has an appointment follow its event to another time, or to the crew in whose calendar it was found. Null where it cannot.
create or replace function private.follow_moved_event(
    org_id uuid, moved private.calendar_copies, appointment public.appointments
)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    now constant timestamptz := private.clock();
    seen constant jsonb := case when moved.found_link_id is null then moved.seen else moved.found end;
    starts constant timestamp := seen ->> 'starts';
    -- How long an event of Calendly lasts is up to its type.
    is_timed constant boolean := moved.written ? 'minutes';
    minutes constant integer := case when is_timed then seen ->> 'minutes' else appointment.duration_minutes::text end;
    to_crew constant integer := coalesce(
        (select l.crew from private.calendar_links as l where l.id = moved.found_link_id), appointment.crew
    );
    rules private.calendars;
    able integer[];
    wanted tsrange;
begin
    select k.* into strict rules from private.calendars as k where k.organization_id = org_id;
    able := private.able_crews(org_id, rules.capacity, appointment.required_skill);
    if
        (
            date_trunc('minute', starts) = starts
            and minutes between 1 and 480
            and upper(appointment.busy) > now at time zone rules.zone
            and (starts at time zone rules.zone > now or starts = appointment.scheduled_date + appointment.scheduled_time)
            and (to_crew = appointment.crew or to_crew <= rules.capacity and coalesce(to_crew = any(able), true))
        ) is not true
    then
        return null;
    end if;
    wanted := private.busy_range(starts, minutes, rules.zone);
    if
        exists (
            select from public.appointments as a
            where
                a.organization_id = org_id
                and a.id <> appointment.id
                and a.status in ('pending', 'confirmed')
                and a.scheduled_date between starts::date - 1 and starts::date + 1
                and a.crew = to_crew
                and a.busy && wanted
        )
        or exists (
            select from private.external_events as e
            where
                e.organization_id = org_id
                and e.crew in (0, to_crew)
                and e.span && wanted
                and (e.link_id, e.resource)
                is distinct from (moved.found_link_id, private.stored_resource(moved.found ->> 'resource'))
        )
    then
        return null;
    end if;
    begin
        if moved.found_link_id is null then
            update private.calendar_copies as c
            set
                written = c.written || case when is_timed then c.seen else c.seen - 'minutes' end,
                seen = null, seen_at = null
            where c.id = moved.id;
        elsif not private.move_calendar_copy(org_id, moved.id) then
            return null;
        end if;
        update public.appointments as a
        set scheduled_date = starts::date, scheduled_time = starts::time, duration_minutes = minutes, crew = to_crew
        where a.id = appointment.id;
        perform private.close_calendar_conflicts(org_id, coalesce(moved.found_link_id, moved.link_id));
        return 'moved';
    exception
        -- Somebody who does not take the lock was first.
        when exclusion_violation then return null;
    end;
end
$$;

revoke execute on function private.follow_moved_event(uuid, private.calendar_copies, public.appointments) from public;
