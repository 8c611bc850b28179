-- The opening windows that matter for what starts on a day: those that start on it, and those of the day before it that end on
-- it, out of those of a week (private.calendars). A special day's hours stand for those of its weekday.
create or replace function private.windows_reaching(org_id uuid, weekly tsrange[], target_date date) returns tsrange[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The same weekday in the model week.
    model constant date := date '2000-12-31' + extract(isodow from target_date)::integer;
    shift constant interval := make_interval(days => target_date - model);
    special jsonb[];
begin
    select array_agg(jsonb_build_array(s.special_date - target_date, s.hours))
    into special
    from public.special_days as s
    where s.organization_id = org_id and s.special_date in (target_date - 1, target_date);
    if special is null then
        return array(
            select tsrange(lower(w.span) + shift, upper(w.span) + shift)
            from unnest(weekly) as w (span)
            where lower(w.span) >= model - 1 and lower(w.span) < model + 1 and upper(w.span) > model
        );
    end if;
    return array(
        select coalesce(n.span, tsrange(lower(w.span) + shift, upper(w.span) + shift))
        from unnest(array[-1, 0]) as d (off)
        left join unnest(special) as s (day) on (s.day ->> 0)::integer = d.off
        left join unnest(weekly) as w (span)
            on s.day is null and lower(w.span) >= model + d.off and lower(w.span) < model + d.off + 1
        left join lateral unnest(private.opening_windows(s.day -> 1, target_date + d.off)) as n (span) on true
        where upper(coalesce(n.span, tsrange(lower(w.span) + shift, upper(w.span) + shift))) > target_date
    );
end
$$;

revoke execute on function private.windows_reaching(uuid, tsrange[], date) from public;
grant execute on function private.windows_reaching(uuid, tsrange[], date) to frontdesk_app;
