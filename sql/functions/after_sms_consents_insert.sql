-- After a number has opted out, what is queued for it is cancelled, and a page that waits for an answer by text message no longer does,
-- so that the incident escalates. It runs as its owner, because a dashboard may not use schema private.
create or replace function private.after_sms_consents_insert() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    page uuid;
begin
    update private.outbox as o
    set state = 'cancelled', due_at = null, settled_at = private.clock(), error_code = 'opted_out'
    from public.sms_communications as s
    where
        s.id = o.sms_id
        and s.organization_id = new.organization_id
        and s.phone_number = new.phone_number
        and o.state in ('pending', 'unknown');
    for page in
        update public.emergency_notifications as n
        set status = 'failed', error_code = 'opted_out'
        from public.emergency_incidents as i
        where
            n.organization_id = new.organization_id
            and n.phone_number = new.phone_number
            and n.notification_type = 'sms'
            and n.status in ('pending', 'sent', 'delivered')
            and i.id = n.incident_id
            and i.status = 'open'
        returning n.id
    loop
        perform private.skip_unreachable_step(page);
    end loop;
    return null;
end
$$;

revoke execute on function private.after_sms_consents_insert() from public;

create or replace trigger after_sms_consents_insert
after insert on public.sms_consents
for each row
when (new.status = 'withdrawn')
execute function private.after_sms_consents_insert();
