-- The opening windows that start on a day or on the day before it, whose end may reach into it: all that matter for what
-- starts on that day. A special day's hours stand for those of its weekday.
create or replace function private.windows_reaching(org_id uuid, settings jsonb, target_date date)
returns setof tsrange
language plpgsql
stable
rows 4
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select w.span
    from (values (target_date - 1), (target_date)) as d (day)
    left join public.special_days as s on s.organization_id = org_id and s.special_date = d.day
    cross join lateral private.opening_windows(private.hours_of(settings, d.day, s.hours), d.day) as w (span);
end
$$;

revoke execute on function private.windows_reaching(uuid, jsonb, date) from public;
grant execute on function private.windows_reaching(uuid, jsonb, date) to frontdesk_app;
