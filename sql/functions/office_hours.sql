-- Whether an organization is open at this moment, and until when on its own clock: its closing time, or when it opens next; null
-- when that is more than a month away. Windows that touch are one.
create or replace function private.office_hours(org_id uuid, out is_open boolean, out until timestamp)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    organization record;
    span tsrange;
begin
    perform private.require_organization(org_id);
    select private.clock() at time zone private.time_zone(o.timezone) as now_local, o.settings
    into organization
    from public.organizations as o
    where o.id = org_id;
    select w.span
    into span
    from (
        select unnest(range_agg(o.span)) as span
        from generate_series(organization.now_local::date - 1, organization.now_local::date + 31, interval '1 day') as d (day)
        left join public.special_days as s on s.organization_id = org_id and s.special_date = d.day::date
        cross join lateral unnest(
            private.opening_windows(private.hours_of(organization.settings, d.day::date, s.hours), d.day::date)
        ) as o (span)
    ) as w
    where upper(w.span) > organization.now_local
    order by w.span
    limit 1;
    is_open := coalesce(lower(span) <= organization.now_local, false);
    until := case when is_open then upper(span) else lower(span) end;
end
$$;

revoke execute on function private.office_hours(uuid) from public;
grant execute on function private.office_hours(uuid) to frontdesk_app;
