-- What an organization's settings say of calendars that show its appointments, with the defaults for what they leave out and for what
-- cannot be meant.
create or replace function private.calendar_rules(settings jsonb)
returns table (details text)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    rules constant jsonb := coalesce(settings -> 'calendar', '{}');
begin
    return query select
        case when rules ->> 'details' in ('none', 'name', 'full') then rules ->> 'details' else 'none' end;
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
end
$$;

revoke execute on function private.check_calendar_rules(jsonb) from public;
