-- Where a linked calendar and the appointments contradict each other. Each contradiction is a row and a task for the staff, opened once and
-- closed when it is over; nothing is cancelled or moved by it.
create or replace function private.open_calendar_conflict(
    org_id uuid, link uuid, appointment uuid, conflict text, words text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    opened uuid;
    task uuid;
begin
    insert into private.calendar_conflicts (organization_id, appointment_id, link_id, kind, opened_at)
    values (org_id, appointment, link, conflict, private.clock())
    on conflict (appointment_id, link_id, kind) where closed_at is null do nothing
    returning id into opened;
    if not found then
        return;
    end if;
    insert into public.staff_tasks (organization_id, kind, summary, metadata, created_at)
    values (
        org_id,
        'calendar',
        words,
        jsonb_build_object('appointment_id', appointment, 'link_id', link, 'conflict', conflict),
        private.clock()
    )
    returning id into task;
    update private.calendar_conflicts as c set task_id = task where c.id = opened;
end
$$;

revoke execute on function private.open_calendar_conflict(uuid, uuid, uuid, text, text) from public;

-- Closes the conflicts of a link that are over: the appointment is, or nothing overlaps it any more, or its event is as it was written.
create or replace function private.close_calendar_conflicts(org_id uuid, link uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    with closed as (
        update private.calendar_conflicts as c
        set closed_at = private.clock()
        from public.appointments as a
        where
            c.organization_id = org_id
            and c.link_id = link
            and c.closed_at is null
            and a.id = c.appointment_id
            and (
                a.status not in ('pending', 'confirmed')
                or case c.kind
                    when 'overlap' then not exists (
                        select from private.external_events as e
                        where
                            e.organization_id = org_id
                            and e.link_id = link
                            and e.span && a.busy
                            and e.crew in (0, a.crew)
                    )
                    else exists (
                        select from private.calendar_copies as k
                        where k.link_id = link and k.appointment_id = a.id and k.written is not null and k.seen_at is null
                    )
                end
            )
        returning c.task_id
    )

    update public.staff_tasks as t
    set status = 'done', done_at = private.clock()
    from closed as c
    where t.id = c.task_id and t.status = 'open';
end
$$;

revoke execute on function private.close_calendar_conflicts(uuid, uuid) from public;

-- Opens a conflict for each coming appointment that meets one of the times that a listing brought, closes those that are over, and tells how
-- many of the link are open.
create or replace function private.note_calendar_overlaps(org_id uuid, link uuid, spans tsrange[]) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
    perform
        private.open_calendar_conflict(
            org_id,
            link,
            a.id,
            'overlap',
            format(
                'An event in a linked calendar overlaps the appointment on %s at %s. Move one of them, or leave both.',
                to_char(a.scheduled_date, 'FMDay, YYYY-MM-DD'),
                to_char(a.scheduled_time, 'HH24:MI')
            )
        )
    from public.appointments as a
    join private.calendars as k on k.organization_id = org_id
    where
        a.organization_id = org_id
        and a.status in ('pending', 'confirmed')
        and upper(a.busy) > private.clock() at time zone k.zone
        and a.scheduled_date between (select min(lower(u.span))::date - 1 from unnest(spans) as u (span))
        and (select max(upper(u.span))::date from unnest(spans) as u (span))
        and exists (
            select from private.external_events as e
            where
                e.organization_id = org_id
                and e.link_id = link
                and e.span && a.busy
                and e.span = any(spans)
                and e.crew in (0, a.crew)
                -- What is written just now may be read before its id is known.
                and not (
                    lower(e.span) = lower(a.busy)
                    and exists (
                        select from private.calendar_copies as c
                        where
                            c.link_id = link
                            and c.appointment_id = a.id
                            and c.attempts > 0
                            and (c.resource is null and e.span = a.busy or starts_with(c.resource, 'attempt:'))
                    )
                )
        );
    perform private.close_calendar_conflicts(org_id, link);
    return (
        select count(*) from private.calendar_conflicts as c
        where c.link_id = link and c.kind = 'overlap' and c.closed_at is null
    );
end
$$;

revoke execute on function private.note_calendar_overlaps(uuid, uuid, tsrange[]) from public;
