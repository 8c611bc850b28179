-- The special days of an organization from a day on, with the windows that count.
select
    jsonb_build_object(
        'date', s.special_date,
        'hours', coalesce(h.windows, '[]'),
        'reason', s.reason
    )
from public.special_days as s
cross join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'open', to_char(lower(w.span), 'HH24:MI'),
                'close', coalesce(nullif(to_char(upper(w.span), 'HH24:MI'), '00:00'), '24:00')
            )
            order by w.span
        ) as windows
    from unnest(private.opening_windows(s.hours, s.special_date)) as w (span)
) as h
where s.organization_id = $1 and s.special_date >= $2
order by s.special_date
