-- How long a calendar is left before it is read again: changes are announced where a channel is open, and even then some get lost. A fifth
-- more or less keeps the links of all organizations from being due at one moment.
create or replace function private.calendar_pause(has_channel boolean) returns interval
language sql
volatile
set search_path = pg_catalog, pg_temp
return case when has_channel then interval '15 minutes' else interval '5 minutes' end * (0.8 + 0.4 * random());

revoke execute on function private.calendar_pause(boolean) from public;

-- Works out until when the linked calendars of an organization count as known, and confirms what was booked while they were not.
create or replace function private.refresh_calendars(org_id uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    known_until timestamptz;
begin
    -- Before the calendar's row, as by all who change it.
    perform private.lock_organization(org_id);
    select
        coalesce(
            min(
                case
                    when a.state = 'revoked' then '-infinity'
                    else coalesce(
                        l.last_synced_at
                        + make_interval(mins => r.stale_minutes),
                        '-infinity'
                    )
                end
            ),
            'infinity'
        )
    into known_until
    from private.calendar_links as l
    join private.calendar_accounts as a on a.id = l.account_id
    join public.organizations as o on o.id = org_id
    cross join lateral private.calendar_rules(o.settings) as r
    where l.organization_id = org_id and l.reads and o.calendar_sync_enabled;
    update private.calendars as k
    set fresh_until = known_until
    where k.organization_id = org_id and k.fresh_until <> known_until;
    if known_until > private.clock() then
        perform private.confirm_appointments(org_id);
    end if;
end
$$;

revoke execute on function private.refresh_calendars(uuid) from public;
