-- The opening windows that matter for what starts on a day: those that start on it, and those of the day before it that end on
-- it. A special day's hours stand for those of its weekday.
drop function if exists private.windows_reaching(uuid, jsonb, date);

create or replace function private.windows_reaching(org_id uuid, settings jsonb, target_date date) returns tsrange[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    special_before jsonb;
    special jsonb;
    windows tsrange[];
    span tsrange;
begin
    select
        (
            select s.hours from public.special_days as s
            where s.organization_id = org_id and s.special_date = target_date - 1
        ),
        (
            select s.hours from public.special_days as s
            where s.organization_id = org_id and s.special_date = target_date
        )
    into special_before, special;
    windows := private.opening_windows(private.hours_of(settings, target_date, special), target_date);
    -- The hours of an organization that sets none end with their day.
    if special_before is not null or settings ? 'hours' then
        foreach span in array
            private.opening_windows(private.hours_of(settings, target_date - 1, special_before), target_date - 1)
        loop
            if upper(span) > target_date then
                windows := span || windows;
            end if;
        end loop;
    end if;
    return windows;
end
$$;

revoke execute on function private.windows_reaching(uuid, jsonb, date) from public;
grant execute on function private.windows_reaching(uuid, jsonb, date) to frontdesk_app;
