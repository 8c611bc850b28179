-- Adds the job that sends a page: its text message is written first. `subject` is that of an e-mail.
create or replace function private.queue_page(
    target private.incident_steps,
    this_round integer,
    page uuid,
    channel text,
    phone text,
    subject text,
    body text,
    expires timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    text_message uuid;
begin
    if channel = 'sms' then
        insert into public.sms_communications (
            organization_id, phone_number, message_content, message_type, language_code, direction, status, template_key
        )
        values (
            target.organization_id, phone, body, 'emergency', target.language_code, 'outbound', null, 'emergency_page'
        )
        returning id into text_message;
    end if;
    insert into private.outbox (
        organization_id, kind, priority, dedupe_key, sms_id, notification_id, payload, due_at, expires_at
    )
    values (
        target.organization_id,
        channel,
        -- New callers go before those whose contacts were paged already.
        case when this_round = 1 then 0 else 1 end,
        format('page:%s:%s:%s:%s', target.incident_id, this_round, target.step, channel),
        text_message,
        page,
        case
            when channel = 'email' then jsonb_build_object('to', target.email, 'subject', subject)
            else '{}'
        end,
        private.clock(),
        expires
    );
end
$$;

revoke execute on function private.queue_page(
    private.incident_steps, integer, uuid, text, text, text, text, timestamptz
) from public;
grant execute on function private.queue_page(
    private.incident_steps, integer, uuid, text, text, text, text, timestamptz
) to frontdesk_app;

-- The same for a page that was written before.
create or replace function private.add_page_job(page uuid, subject text, expires timestamptz) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.queue_page(s, n.round, n.id, n.notification_type, n.phone_number, add_page_job.subject, n.message, expires)
    from public.emergency_notifications as n
    join private.incident_steps as s on s.incident_id = n.incident_id and s.step = n.step
    where n.id = page;
end
$$;

revoke execute on function private.add_page_job(uuid, text, timestamptz) from public;
grant execute on function private.add_page_job(uuid, text, timestamptz) to frontdesk_app;
