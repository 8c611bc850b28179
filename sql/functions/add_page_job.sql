-- Adds the job that sends a page: its text message is written first. `subject` is that of an e-mail.
create or replace function private.add_page_job(page uuid, subject text, expires timestamptz) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    target record;
    text_message uuid;
begin
    select n.*, s.email, s.language_code
    into target
    from public.emergency_notifications as n
    join private.incident_steps as s on s.incident_id = n.incident_id and s.step = n.step
    where n.id = page;
    if target.notification_type = 'sms' then
        insert into public.sms_communications (
            organization_id, phone_number, message_content, message_type, language_code, direction, status, template_key
        )
        values (
            target.organization_id, target.phone_number, target.message, 'emergency', target.language_code, 'outbound', null,
            'emergency_page'
        )
        returning id into text_message;
    end if;
    insert into private.outbox (
        organization_id, kind, priority, dedupe_key, sms_id, notification_id, payload, due_at, expires_at
    )
    values (
        target.organization_id,
        target.notification_type,
        -- New callers go before those whose contacts were paged already.
        case when target.round = 1 then 0 else 1 end,
        format('page:%s:%s:%s:%s', target.incident_id, target.round, target.step, target.notification_type),
        text_message,
        page,
        case
            when target.notification_type = 'email' then jsonb_build_object('to', target.email, 'subject', subject)
            else '{}'
        end,
        private.clock(),
        expires
    );
end
$$;

revoke execute on function private.add_page_job(uuid, text, timestamptz) from public;
grant execute on function private.add_page_job(uuid, text, timestamptz) to frontdesk_app;
