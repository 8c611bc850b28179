-- The rules of booking in an organization's settings, each with its default. Reads anything: what is missing or malformed
-- (settings written before they were checked) counts as the default, so that nothing stored can stop a search.
-- The bounds are those of sql/settings.schema.json and private.check_organization().
--
-- Between two visits of a crew lies what the earlier one needs after it, what the later one needs before it, and the way from the
-- one address to the other.
drop function if exists private.booking_rules(jsonb);

create or replace function private.booking_rules(
    settings jsonb,
    out capacity integer,
    out lead_time interval,
    out lead_days integer,
    out horizon_days integer,
    out step interval,
    out before_minutes integer,
    out after_minutes integer,
    out travel_minutes integer
)
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    capacity := private.whole_number(settings -> 'capacity', 1, 100, 1);
    lead_time := make_interval(mins => private.whole_number(settings -> 'lead_minutes', 0, 43200, 60));
    lead_days := private.whole_number(settings -> 'lead_days', 0, 30, 0);
    horizon_days := private.whole_number(settings -> 'horizon_days', 1, 730, 60);
    step := make_interval(mins => private.whole_number(settings -> 'step_minutes', 5, 480, 60));
    before_minutes := private.whole_number(settings -> 'buffer_before_minutes', 0, 240, 0);
    after_minutes := private.whole_number(settings -> 'buffer_after_minutes', 0, 240, 0);
    travel_minutes := private.whole_number(settings -> 'travel_minutes', 0, 240, 0);
end
$$;

revoke execute on function private.booking_rules(jsonb) from public;
grant execute on function private.booking_rules(jsonb) to frontdesk_app;
