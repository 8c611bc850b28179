-- Maintains when an organization's reminders are queued next: at its own time of day, tomorrow if today's has passed. A change of its zone or
-- settings is followed. It runs as its owner, because a dashboard may not use schema private.
create or replace function private.next_reminder(zone text, reminder_time time) returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    now_local constant timestamp := private.clock() at time zone zone;
    day constant date := now_local::date + case when now_local::time >= reminder_time then 1 else 0 end;
begin
    -- An hour that the clocks skip is the one after it.
    return coalesce(private.first_instant(day + reminder_time, zone), (day + reminder_time) at time zone zone);
end
$$;

revoke execute on function private.next_reminder(text, time) from public;
grant execute on function private.next_reminder(text, time) to frontdesk_app;

create or replace function private.maintain_reminder_schedule() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.reminder_schedule as s (organization_id, next_at)
    select new.id, private.next_reminder(private.time_zone(new.timezone), r.reminder_time)
    from private.message_rules(new.settings) as r
    on conflict (organization_id) do update
    set next_at = excluded.next_at;
    return null;
end
$$;

revoke execute on function private.maintain_reminder_schedule() from public;

create or replace trigger maintain_reminder_schedule_on_insert
after insert on public.organizations
for each row
execute function private.maintain_reminder_schedule();

create or replace trigger maintain_reminder_schedule_on_update
after update of timezone, settings on public.organizations
for each row
when (
    new.timezone is distinct from old.timezone
    or new.settings -> 'messages' is distinct from old.settings -> 'messages'
)
execute function private.maintain_reminder_schedule();
