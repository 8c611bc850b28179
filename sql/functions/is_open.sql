-- Whether an organization is open at all on a day: a window starts on it, or yesterday's reaches into it.
create or replace function private.is_open(org_id uuid, settings jsonb, target_date date) returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
    return exists (
        select
        from (values (target_date - 1), (target_date)) as d (day)
        left join public.special_days as s on s.organization_id = org_id and s.special_date = d.day
        cross join lateral private.opening_windows(private.hours_of(settings, d.day, s.hours), d.day) as w (span)
        where w.span && tsrange(target_date, target_date + 1)
    );
end
$$;

revoke execute on function private.is_open(uuid, jsonb, date) from public;
