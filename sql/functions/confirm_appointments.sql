-- Confirms the appointments of an organization that were booked or moved while it was not known what linked calendars say, now that it is known:
-- those whose time no linked calendar of their crew or of the whole organization is busy with. Their customers are told by
-- private.queue_appointment_messages(). One over which somebody entered something stays pending, and the staff are told once a time: in the task of
-- its conflict, where one is open. What is not pending any more, or has begun, waits for nothing.
create or replace function private.confirm_appointments(org_id uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    now_local timestamp;
    waiting record;
    words text;
    key text;
begin
    perform private.require_organization(org_id);
    perform private.lock_organization(org_id);
    select private.clock() at time zone k.zone
    into now_local
    from private.calendars as k
    where k.organization_id = org_id and k.fresh_until > private.clock();
    if not found then
        return;
    end if;
    delete from private.unconfirmed_appointments as u
    using public.appointments as a
    where
        u.organization_id = org_id
        and a.id = u.appointment_id
        and (a.status <> 'pending' or a.scheduled_date + a.scheduled_time <= now_local);
    for waiting in
        select
            a.id,
            a.scheduled_date,
            a.scheduled_time,
            a.customer_phone,
            exists (
                select from private.busy_days as b
                where
                    b.organization_id = org_id
                    and b.day between lower(a.busy)::date and upper(a.busy)::date
                    and b.crew in (0, a.crew)
                    and (b.timed && a.busy or b.whole && a.busy)
            ) as is_taken
        from private.unconfirmed_appointments as u
        join public.appointments as a on a.id = u.appointment_id
        where u.organization_id = org_id
        order by a.id
    loop
        if not waiting.is_taken then
            update public.appointments as a set status = 'confirmed' where a.id = waiting.id and a.status = 'pending';
            continue;
        end if;
        words := format(
            'The appointment on %s at %s was booked or moved while a linked calendar could not be read, and that calendar is busy then. '
            'The customer waits for a confirmation: confirm, move or cancel it.',
            to_char(waiting.scheduled_date, 'FMDay, YYYY-MM-DD'),
            to_char(waiting.scheduled_time, 'HH24:MI')
        );
        key := format('unconfirmed %s %s %s', waiting.id, waiting.scheduled_date, waiting.scheduled_time);
        update public.staff_tasks as t
        set summary = words
        from private.calendar_conflicts as c
        where
            c.appointment_id = waiting.id
            and c.kind = 'overlap'
            and c.closed_at is null
            and t.id = c.task_id;
        if not found then
            insert into public.staff_tasks (organization_id, kind, summary, phone_number, metadata, created_at)
            select
                org_id,
                'calendar',
                words,
                waiting.customer_phone,
                jsonb_build_object('key', key, 'appointment_id', waiting.id),
                private.clock()
            where not exists (
                select from public.staff_tasks as t
                where t.organization_id = org_id and t.kind = 'calendar' and t.metadata ->> 'key' = key
            );
        end if;
    end loop;
end
$$;

revoke execute on function private.confirm_appointments(uuid) from public;
