-- Writes into private.busy_days when linked calendars are busy on the days of `days`, and works out anew when each crew is busy then. The
-- organization's lock is held by whoever asks, so that a booking sees an event or the event meets the appointment.
create or replace function private.write_external_days(org_id uuid, days datemultirange) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    stretch daterange;
begin
    for stretch in select u.days from unnest(days) as u (days)
    loop
        insert into private.busy_days as b (organization_id, day, crew, busy, timed, whole)
        select
            org_id,
            coalesce(n.day, o.day),
            coalesce(n.crew, o.crew),
            case when coalesce(n.crew, o.crew) = 0 then coalesce(n.timed + n.whole, '{}') else '{}' end,
            coalesce(n.timed, '{}'),
            coalesce(n.whole, '{}')
        from (
            select
                d.day::date as day,
                e.crew,
                coalesce(
                    range_agg(e.span * tsrange(d.day, d.day + interval '1 day')) filter (where e.first_day is null), '{}'
                ) as timed,
                coalesce(
                    range_agg(e.span * tsrange(d.day, d.day + interval '1 day')) filter (where e.first_day is not null), '{}'
                ) as whole
            from private.external_events as e
            join private.calendar_links as l on l.id = e.link_id
            join public.organizations as g on g.id = org_id
            cross join lateral generate_series(
                greatest(date_trunc('day', lower(e.span)), lower(stretch)),
                least(date_trunc('day', upper(e.span) - interval '1 microsecond'), upper(stretch) - 1),
                interval '1 day'
            ) as d (day)
            where
                e.organization_id = org_id
                and e.span && tsrange(lower(stretch), upper(stretch))
                and l.reads
                and g.calendar_sync_enabled
            group by d.day, e.crew
        ) as n
        full join (
            select k.day, k.crew from private.busy_days as k
            where
                k.organization_id = org_id
                and k.day >= lower(stretch) and k.day < upper(stretch)
                and (k.crew = 0 or k.timed <> '{}' or k.whole <> '{}')
        ) as o on o.day = n.day and o.crew = n.crew
        order by 2, 3
        on conflict (organization_id, day, crew) do update
        set
            busy = case when b.crew = 0 then excluded.busy else b.busy end,
            timed = excluded.timed,
            whole = excluded.whole
        where (b.timed, b.whole) is distinct from (excluded.timed, excluded.whole);
        perform private.write_busy_days(org_id, lower(stretch), upper(stretch) - 1);
        delete from private.busy_days as b
        where
            b.organization_id = org_id
            and b.day >= lower(stretch) and b.day < upper(stretch)
            and b.crew = 0
            and isempty(b.busy);
    end loop;
end
$$;

revoke execute on function private.write_external_days(uuid, datemultirange) from public;

-- The days of some times on a clock.
create or replace function private.days_of(spans tsrange[]) returns datemultirange
language sql
immutable
set search_path = pg_catalog, pg_temp
return (
    select coalesce(range_agg(daterange(lower(u.span)::date, (upper(u.span) - interval '1 microsecond')::date, '[]')), '{}')
    from unnest(spans) as u (span)
    where not isempty(u.span)
);

revoke execute on function private.days_of(tsrange[]) from public;

-- Works all of them out anew: when the clock of an organization changes, a link, or the switch for all of them.
create or replace function private.write_external_days(org_id uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    days datemultirange;
begin
    perform private.lock_organization(org_id);
    days := private.days_of(array(select e.span from private.external_events as e where e.organization_id = org_id));
    update private.external_events as e
    set span = case
        when e.first_day is null then private.external_span(e.starts_at, e.ends_at, k.zone) else tsrange(e.first_day, e.end_day)
    end
    from private.calendars as k
    where
        e.organization_id = org_id
        and k.organization_id = org_id
        and e.first_day is null
        and e.span <> private.external_span(e.starts_at, e.ends_at, k.zone);
    days := days
        + private.days_of(array(select e.span from private.external_events as e where e.organization_id = org_id))
        + coalesce(
            (
                select range_agg(daterange(b.day, b.day, '[]'))
                from private.busy_days as b
                where b.organization_id = org_id and (b.timed <> '{}' or b.whole <> '{}')
            ),
            '{}'
        );
    perform private.write_external_days(org_id, days);
end
$$;

revoke execute on function private.write_external_days(uuid) from public;
