-- What an organization's settings say of calendars that show its appointments, with the defaults for what they leave out and for what
-- cannot be meant.
create or replace function private.calendar_rules(settings jsonb)
returns table (details text, deleted text, stale_minutes integer)
language plpgsql
immutable
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    rules constant jsonb := coalesce(settings -> 'calendar', '{}');
begin
    return query select
        case when rules ->> 'details' in ('none', 'name', 'full') then rules ->> 'details' else 'none' end,
        case when rules ->> 'deleted' in ('ask', 'cancel', 'restore') then rules ->> 'deleted' else 'ask' end,
        private.whole_number(rules -> 'stale_minutes', 5, 1440, 60);
end
$$;

revoke execute on function private.calendar_rules(jsonb) from public;
grant execute on function private.calendar_rules(jsonb) to frontdesk_app;

-- Refuses settings of calendars that cannot be meant, for private.check_organization(), which runs as the owner.
create or replace function private.check_calendar_rules(settings jsonb) returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not settings ? 'calendar' then
        return;
    end if;
    if jsonb_typeof(settings -> 'calendar') <> 'object' then
        raise check_violation using message = format('settings.calendar is %s; allowed is an object', settings -> 'calendar');
    end if;
    if
        settings -> 'calendar' ? 'details'
        and settings #> '{calendar,details}' not in ('"none"', '"name"', '"full"')
    then
        raise check_violation using message = format(
            'settings.calendar.details is %s; allowed is none, name or full', settings #> '{calendar,details}'
        );
    end if;
    if
        settings -> 'calendar' ? 'deleted'
        and settings #> '{calendar,deleted}' not in ('"ask"', '"cancel"', '"restore"')
    then
        raise check_violation using message = format(
            'settings.calendar.deleted is %s; allowed is ask, cancel or restore', settings #> '{calendar,deleted}'
        );
    end if;
    if
        settings -> 'calendar' ? 'stale_minutes'
        and private.whole_number(settings #> '{calendar,stale_minutes}', 5, 1440, null) is null
    then
        raise check_violation using message = format(
            'settings.calendar.stale_minutes is %s; allowed is 5 to 1440', settings #> '{calendar,stale_minutes}'
        );
    end if;
end
$$;

revoke execute on function private.check_calendar_rules(jsonb) from public;
