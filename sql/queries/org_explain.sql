-- Why each time of a day ($2) is or is not offered by an organization ($1) for a service ($3, null for any), a length in minutes ($4), an
-- address ($5) and a postal code ($6); with $7 only that time. One row of JSON; none: there is no such organization.
select
    jsonb_build_object(
        'zone', k.zone,
        'now', private.clock(),
        'today', n.today,
        'last_day', n.today + k.horizon_days,
        'capacity', k.capacity,
        'step_minutes', extract(epoch from k.step)::integer / 60,
        'lead_minutes', extract(epoch from k.lead_time)::integer / 60,
        'lead_days', k.lead_days,
        'horizon_days', k.horizon_days,
        'before_minutes', coalesce((v.needs).before_minutes, k.before_minutes),
        'after_minutes', coalesce((v.needs).after_minutes, k.after_minutes),
        'travel_minutes', k.travel_minutes,
        'minutes', (v.needs).minutes,
        'skill', (v.needs).skill,
        'able', private.able_crews(k.organization_id, k.capacity, (v.needs).skill),
        'has_area', k.postal_codes is not null,
        'comes_there', private.serves(k.postal_codes, $6),
        'windows', (
            select
                coalesce(
                    jsonb_agg(jsonb_build_object('opens', lower(w.span), 'closes', upper(w.span)) order by w.span), '[]'
                )
            from unnest(private.windows_reaching(k.organization_id, k.weekly, $2)) as w (span)
            where w.span && tsrange($2, $2 + 1)
        ),
        'special_day', (
            select jsonb_build_object('reason', d.reason)
            from public.special_days as d
            where d.organization_id = k.organization_id and d.special_date = $2
        ),
        'times', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'starts', e.starts_at,
                            'ends', e.ends_at,
                            'is_slot', e.is_slot,
                            'offered', e.offered,
                            'reason', e.reason,
                            'crews', e.crews
                        )
                        order by e.starts_at, e.is_slot nulls first
                    ),
                    '[]'
                )
            from private.explain_day(k.organization_id, $2, v.needs, $7) as e
        )
    )
from private.calendars as k
cross join lateral (select (private.clock() at time zone k.zone)::date as today) as n
cross join lateral (select private.service_requirements(k.organization_id, $3, $4, $5, $6) as needs offset 0) as v
where k.organization_id = $1
