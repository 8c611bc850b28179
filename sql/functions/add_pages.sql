-- Writes the pages of a step and the jobs that send them: over each of `channels` (sms, voice, email) to its contact, with the words for each;
-- false where no page is to be sent. One that was written before is left out, and so is one beyond the organization's pages for today; the
-- last resort has no limit. A page may be bundled with one that the same telephone gets for another emergency at that moment; the first text
-- message about each always goes out.
create or replace function private.add_pages(
    target private.incident_steps,
    this_round integer,
    urgency text,
    call_id text,
    channels text[],
    phone text,
    subject text,
    bodies text[],
    expires timestamptz
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    pages uuid[];
    page uuid;
    is_paged boolean := false;
    -- An expression, which costs less than a statement. Many emergencies move on at the same moment, and none sees what another has not
    -- committed. One lock for all contacts: beyond the limit one transaction goes through several, each emergency from another one on.
    locked constant text := pg_advisory_xact_lock(hashtextextended('page ' || target.organization_id, 0));
begin
    with added as (
        insert into public.emergency_notifications (
            organization_id, emergency_contact_id, vapi_call_id, notification_type, urgency, message, status, incident_id,
            step, round, phone_number, created_at
        )
        select
            target.organization_id, target.emergency_contact_id, call_id, c.channel, add_pages.urgency, c.body, 'pending', target.incident_id,
            target.step, this_round, phone, private.clock()
        from unnest(channels, bodies) as c (channel, body)
        on conflict (incident_id, round, step, notification_type) where incident_id is not null do nothing
        returning id
    )

    select array_agg(a.id) into pages from added as a;
    if pages is null then
        return false;
    end if;
    if
        (this_round > 1 or 'voice' = any (channels))
        and exists (
            select from public.emergency_notifications as o
            where
                o.phone_number = phone
                and o.created_at > private.clock() - interval '60 seconds'
                and o.organization_id = target.organization_id
                and o.incident_id <> target.incident_id
        )
    then
        -- One after the other: whether a call can be bundled depends on whether the text message before it goes out.
        foreach page in array pages
        loop
            if private.bundle_page(target, this_round, page) then
                is_paged := true;
            elsif private.send_pages(target, array[page], subject, expires) then
                is_paged := true;
            end if;
        end loop;
        return is_paged;
    end if;
    return private.send_pages(target, pages, subject, expires);
end
$$;

revoke execute on function private.add_pages(
    private.incident_steps, integer, text, text, text[], text, text, text[], timestamptz
) from public;
grant execute on function private.add_pages(
    private.incident_steps, integer, text, text, text[], text, text, text[], timestamptz
) to frontdesk_app;

-- Adds the jobs of those pages that are within the organization's limit for today; false where none is.
create or replace function private.send_pages(target private.incident_steps, pages uuid[], subject text, expires timestamptz) returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    within constant integer := private.count_uses(target.organization_id, 'page', cardinality(pages));
begin
    if within < cardinality(pages) and not target.is_last_resort then
        update public.emergency_notifications as n
        set status = 'failed', error_code = 'daily_limit'
        where n.id = any (pages[within + 1:]);
        pages := pages[:within];
    end if;
    if cardinality(pages) = 0 then
        return false;
    end if;
    perform private.queue_pages(target, pages, subject, expires);
    return true;
end
$$;

revoke execute on function private.send_pages(private.incident_steps, uuid[], text, timestamptz) from public;
grant execute on function private.send_pages(private.incident_steps, uuid[], text, timestamptz) to frontdesk_app;

-- In a storm of emergencies one call is enough at a time, and one reminder, which names all that are open: true where there is such a one for
-- this page, which is then marked with it. Who got no text message about this emergency since it was opened, or opened again, hears of it by a
-- page of its own.
create or replace function private.bundle_page(target private.incident_steps, this_round integer, page uuid) returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.emergency_notifications as n
    set metadata = jsonb_build_object('bundled_with', b.shared)
    from (
        select
            (
                select o.id
                from public.emergency_notifications as o
                join private.outbox as e on e.notification_id = o.id and e.kind = o.notification_type
                where
                    o.organization_id = target.organization_id
                    and o.phone_number = p.phone_number
                    and o.incident_id <> target.incident_id
                    and o.notification_type = p.notification_type
                    -- Behind one number are as many telephones as it has extensions.
                    and exists (
                        select
                        from private.incident_steps as s
                        where
                            s.incident_id = o.incident_id and s.step = o.step
                            and s.extension is not distinct from target.extension
                    )
                    and o.created_at > greatest(private.clock() - interval '60 seconds', i.reopened_at)
                    and (
                        e.state in ('pending', 'sending', 'unknown', 'accepted')
                        or o.notification_type = 'sms' and e.state = 'done'
                    )
                limit 1
            ) as shared
        from public.emergency_notifications as p
        join public.emergency_incidents as i on i.id = p.incident_id
        where
            p.id = page
            and p.notification_type in ('sms', 'voice')
            and exists (
                select from public.emergency_notifications as t
                where
                    t.incident_id = target.incident_id
                    and t.step = target.step
                    and t.notification_type = 'sms'
                    and t.status <> 'failed'
                    and case p.notification_type when 'sms' then t.round < this_round else t.round = this_round end
            )
    ) as b
    where n.id = page and b.shared is not null;
    return found;
end
$$;

revoke execute on function private.bundle_page(private.incident_steps, integer, uuid) from public;
grant execute on function private.bundle_page(private.incident_steps, integer, uuid) to frontdesk_app;
