-- Adds the jobs that send pages of a step: a text message is written first. `subject` is that of an e-mail.
create or replace function private.queue_pages(target private.incident_steps, pages uuid[], subject text, expires timestamptz)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    with page as (
        select n.id, n.round, n.notification_type, n.phone_number, n.message
        from public.emergency_notifications as n
        where n.id = any (pages)
    ),

    texted as (
        insert into public.sms_communications (
            organization_id, phone_number, message_content, message_type, language_code, direction, status, template_key, created_at
        )
        select
            target.organization_id, p.phone_number, p.message, 'emergency', target.language_code, 'outbound', null, 'emergency_page',
            private.clock()
        from page as p
        where p.notification_type = 'sms'
        returning id
    )

    insert into private.outbox (
        organization_id, kind, priority, dedupe_key, sms_id, notification_id, payload, due_at, expires_at
    )
    select
        target.organization_id,
        p.notification_type,
        -- New callers go before those whose contacts were paged already.
        case when p.round = 1 then 0 else 1 end,
        format('page:%s:%s:%s:%s', target.incident_id, p.round, target.step, p.notification_type),
        t.id,
        p.id,
        case
            when p.notification_type = 'email' then jsonb_build_object('to', target.email, 'subject', subject)
            else '{}'
        end,
        private.clock(),
        expires
    from page as p
    left join texted as t on p.notification_type = 'sms';
end
$$;

revoke execute on function private.queue_pages(private.incident_steps, uuid[], text, timestamptz) from public;
grant execute on function private.queue_pages(private.incident_steps, uuid[], text, timestamptz) to frontdesk_app;

-- The same for a page that was written before.
create or replace function private.add_page_job(page uuid, subject text, expires timestamptz) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.queue_pages(s, array[n.id], add_page_job.subject, expires)
    from public.emergency_notifications as n
    join private.incident_steps as s on s.incident_id = n.incident_id and s.step = n.step
    where n.id = page;
end
$$;

revoke execute on function private.add_page_job(uuid, text, timestamptz) from public;
grant execute on function private.add_page_job(uuid, text, timestamptz) to frontdesk_app;
