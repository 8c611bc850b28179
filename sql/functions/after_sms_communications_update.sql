-- Records in an appointment that its customer was told: `sms_sent` once a message about it has left, `sms_reminder_sent` once the reminder has. It runs
-- as its owner, since it follows whoever writes the message's state.
create or replace function private.after_sms_communications_update() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.template_key = 'reminder' then
        update public.appointments as a
        set sms_reminder_sent = true
        where a.id = new.appointment_id and not coalesce(a.sms_reminder_sent, false);
    else
        update public.appointments as a
        set sms_sent = true
        where a.id = new.appointment_id and not coalesce(a.sms_sent, false);
    end if;
    return null;
end
$$;

revoke execute on function private.after_sms_communications_update() from public;

create or replace trigger after_sms_communications_update
after update of status on public.sms_communications
for each row
when (
    new.appointment_id is not null
    and new.direction = 'outbound'
    and new.status in ('sent', 'delivered')
    and old.status is distinct from new.status
)
execute function private.after_sms_communications_update();
