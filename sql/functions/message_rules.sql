-- What an organization's settings say of text messages to customers, with the defaults for what they leave out and for what cannot
-- be meant: a setting from before they were checked must not keep an appointment from being booked.
create or replace function private.message_rules(settings jsonb)
returns table (confirmations boolean, reminders boolean, reminder_time time, quiet_from time, quiet_until time)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    rules constant jsonb := coalesce(settings -> 'messages', '{}');
    clock constant text := '^([01][0-9]|2[0-3]):[0-5][0-9]$';
begin
    return query select
        case when jsonb_typeof(rules -> 'confirmations') = 'boolean' then (rules -> 'confirmations')::boolean else true end,
        case when jsonb_typeof(rules -> 'reminders') = 'boolean' then (rules -> 'reminders')::boolean else true end,
        case when rules ->> 'reminder_time' ~ clock then (rules ->> 'reminder_time')::time else '10:00' end,
        case when rules ->> 'quiet_from' ~ clock then (rules ->> 'quiet_from')::time else '21:00' end,
        case when rules ->> 'quiet_until' ~ clock then (rules ->> 'quiet_until')::time else '08:00' end;
end
$$;

revoke execute on function private.message_rules(jsonb) from public;
grant execute on function private.message_rules(jsonb) to frontdesk_app;
