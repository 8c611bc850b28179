-- Writes a page and the job that sends it: over `channel` (sms, voice, email) to the contact of a step. Null when it was written
-- before, or the organization has used up its pages for today; the last resort has no limit. A page may be bundled with one that the same
-- telephone gets for another emergency at that moment; the first text message about each always goes out. The step, the urgency and the
-- call are read once for all pages of a step (private.page_step()).
create or replace function private.add_page(
    target private.incident_steps,
    this_round integer,
    urgency text,
    call_id text,
    channel text,
    phone text,
    subject text,
    body text,
    expires timestamptz
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    page uuid;
begin
    insert into public.emergency_notifications (
        organization_id, emergency_contact_id, vapi_call_id, notification_type, urgency, message, status, incident_id,
        step, round, phone_number, created_at
    )
    values (
        target.organization_id, target.emergency_contact_id, call_id, channel, urgency, body, 'pending', target.incident_id,
        target.step, this_round, phone, private.clock()
    )
    on conflict (incident_id, round, step, notification_type) where incident_id is not null do nothing
    returning id into page;
    if page is null then
        return null;
    end if;
    if this_round > 1 and channel = 'sms' or channel = 'voice' and exists (
        -- Who is not texted hears of an emergency by a call of its own.
        select from public.emergency_notifications as n
        where
            n.incident_id = target.incident_id
            and n.round = this_round
            and n.step = target.step
            and n.notification_type = 'sms'
            and n.status <> 'failed'
    ) then
        -- Many emergencies move on at the same moment, and none sees what another has not committed.
        perform pg_advisory_xact_lock(hashtextextended('page ' || phone, 0));
        -- In a storm of emergencies one call is enough at a time, and one reminder, which names all that are open.
        update public.emergency_notifications as n
        set metadata = jsonb_build_object('bundled_with', b.id)
        from (
            select o.id
            from public.emergency_notifications as o
            join private.outbox as e on e.notification_id = o.id and e.kind = channel
            where
                o.organization_id = target.organization_id
                and o.phone_number = phone
                and o.incident_id <> target.incident_id
                and o.notification_type = channel
                -- Behind one number are as many telephones as it has extensions.
                and exists (
                    select
                    from private.incident_steps as s
                    where
                        s.incident_id = o.incident_id and s.step = o.step
                        and s.extension is not distinct from target.extension
                )
                and o.created_at > private.clock() - interval '60 seconds'
                and (channel = 'sms' or e.state in ('pending', 'sending', 'unknown', 'accepted'))
            limit 1
        ) as b
        where n.id = page;
        if found then
            return page;
        end if;
    end if;
    if not private.count_use(target.organization_id, 'page') and not target.is_last_resort then
        update public.emergency_notifications as n set status = 'failed', error_code = 'daily_limit' where n.id = page;
        return null;
    end if;
    perform private.queue_page(target, this_round, page, channel, phone, subject, body, expires);
    return page;
end
$$;

revoke execute on function private.add_page(
    private.incident_steps, integer, text, text, text, text, text, text, timestamptz
) from public;
grant execute on function private.add_page(
    private.incident_steps, integer, text, text, text, text, text, text, timestamptz
) to frontdesk_app;
