-- What an organization's settings say of text messages to customers, with the defaults for what they leave out.
create or replace function private.message_rules(settings jsonb)
returns table (confirmations boolean, reminders boolean, reminder_time time, quiet_from time, quiet_until time)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    rules constant jsonb := coalesce(settings -> 'messages', '{}');
begin
    return query select
        coalesce((rules ->> 'confirmations')::boolean, true),
        coalesce((rules ->> 'reminders')::boolean, true),
        coalesce((rules ->> 'reminder_time')::time, '10:00'),
        coalesce((rules ->> 'quiet_from')::time, '21:00'),
        coalesce((rules ->> 'quiet_until')::time, '08:00');
end
$$;

revoke execute on function private.message_rules(jsonb) from public;
grant execute on function private.message_rules(jsonb) to frontdesk_app;
