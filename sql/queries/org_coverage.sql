-- Who is on call for an organization, from the start of its day ($2) or from now on, and for so many of its days ($3): stretches, each
-- with both its ends. An end has its offset to UTC, and says whether the clocks change within a day of it, when the time alone could
-- be misread.
select
    jsonb_build_object(
        'ends', e.ends,
        'is_now', s.now_at >= c.starts_at and s.now_at < c.ends_at,
        'is_last', c.ends_at = s.until_at,
        'source', c.source,
        'contact_ids', c.contact_ids
    )
from (
    select
        z.id,
        z.zone,
        z.now_at,
        (case when $2 then date_trunc('day', z.local_now) else z.local_now end) at time zone z.zone as from_at,
        (date_trunc('day', z.local_now) + make_interval(days => $3)) at time zone z.zone as until_at
    from (
        select
            o.id,
            private.time_zone(o.timezone) as zone,
            private.clock() as now_at,
            private.clock() at time zone private.time_zone(o.timezone) as local_now
        from public.organizations as o
        where o.id = $1
    ) as z
) as s
cross join lateral private.coverage(s.id, s.from_at, s.until_at) as c
cross join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'at', m.instant,
                'offset', extract(epoch from (m.instant at time zone s.zone) - (m.instant at time zone 'UTC'))::integer,
                'is_near_change',
                (m.instant - interval '1 day') at time zone s.zone + interval '2 days'
                <> (m.instant + interval '1 day') at time zone s.zone
            )
            order by m.nth
        ) as ends
    from (values (1, c.starts_at), (2, c.ends_at)) as m (nth, instant)
) as e
order by c.starts_at
