-- The rules of booking in an organization's settings, each with its default. Reads anything: what is missing or malformed
-- (settings written before they were checked) counts as the default, so that nothing stored can stop a search.
-- The bounds are those of sql/settings.schema.json and private.check_organization().
create or replace function private.booking_rules(
    settings jsonb,
    out capacity integer,
    out lead_time interval,
    out horizon_days integer,
    out step interval,
    out gap interval
)
language sql
immutable
parallel safe
set search_path = ''
as $$
    select
        private.whole_number(settings -> 'capacity', 1, 100, 1),
        make_interval(mins => private.whole_number(settings -> 'lead_minutes', 0, 43200, 60)),
        private.whole_number(settings -> 'horizon_days', 1, 730, 60),
        make_interval(mins => private.whole_number(settings -> 'step_minutes', 5, 480, 60)),
        -- What lies between two visits of a crew: what follows the earlier one and what precedes the later one.
        make_interval(mins =>
            private.whole_number(settings -> 'buffer_before_minutes', 0, 240, 0)
            + private.whole_number(settings -> 'buffer_after_minutes', 0, 240, 0)
        )
$$;

revoke execute on function private.booking_rules(jsonb) from public;
