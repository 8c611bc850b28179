-- Has the events of ours say as much as `settings.calendar.details` says from now on: those of coming appointments, and where it is less,
-- those of appointments that are over too. What their owner wrote into them is left (sync::copy).
create or replace function private.after_organizations_settings() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    now constant timestamptz := private.clock();
    levels constant text[] := '{none,name,full}';
    earlier constant integer := array_position(levels, (select r.details from private.calendar_rules(old.settings) as r));
    later constant integer := array_position(levels, (select r.details from private.calendar_rules(new.settings) as r));
begin
    if earlier = later then
        return null;
    end if;
    -- First, as whoever writes an event does.
    perform private.lock_organization(new.id);
    update private.calendar_copies as c
    set
        written = c.written || '{"is_outdated": true}',
        attempts = 0,
        -- The next ones first, and so that others are not kept waiting.
        due_at = case when new.calendar_sync_enabled then least(c.due_at, now + n.nth * interval '0.2 seconds') else c.due_at end
    from (
        select k.id, row_number() over (order by not t.is_to_come, abs(a.scheduled_date - now::date), k.id) - 1 as nth
        from private.calendar_copies as k
        join public.appointments as a on a.id = k.appointment_id
        join private.calendars as z on z.organization_id = new.id
        cross join lateral (select upper(a.busy) > now at time zone z.zone as is_to_come) as t
        where k.organization_id = new.id and k.is_wanted and k.written is not null and (t.is_to_come or later < earlier)
    ) as n
    where c.id = n.id;
    return null;
end
$$;

revoke execute on function private.after_organizations_settings() from public;

create or replace trigger after_organizations_settings
after update of settings on public.organizations
for each row
when ((new.settings #> '{calendar,details}') is distinct from (old.settings #> '{calendar,details}'))
execute function private.after_organizations_settings();
