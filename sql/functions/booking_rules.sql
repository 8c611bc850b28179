-- The rules of booking in an organization's settings, each with its default. Reads anything: what is missing or malformed
-- (settings written before they were checked) counts as the default, so that nothing stored can stop a search.
-- The bounds are those of sql/settings.schema.json and private.check_organization().
--
-- Between two appointments of a crew lies what the earlier one needs after it, what the later one needs before it, and the way from the
-- one address to the other.
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
declare
    lead_minutes integer := 60;
    step_minutes integer := 60;
begin
    capacity := 1;
    lead_days := 0;
    horizon_days := 60;
    before_minutes := 0;
    after_minutes := 0;
    travel_minutes := 0;
    -- Most organizations set one or two of them; to ask a function for each of the others as well took ten times as long.
    if settings ? 'capacity' then
        capacity := private.whole_number(settings -> 'capacity', 1, 100, capacity);
    end if;
    if settings ? 'lead_minutes' then
        lead_minutes := private.whole_number(settings -> 'lead_minutes', 0, 43200, lead_minutes);
    end if;
    if settings ? 'lead_days' then
        lead_days := private.whole_number(settings -> 'lead_days', 0, 30, lead_days);
    end if;
    if settings ? 'horizon_days' then
        horizon_days := private.whole_number(settings -> 'horizon_days', 1, 730, horizon_days);
    end if;
    if settings ? 'step_minutes' then
        step_minutes := private.whole_number(settings -> 'step_minutes', 5, 480, step_minutes);
    end if;
    if settings ? 'buffer_before_minutes' then
        before_minutes := private.whole_number(settings -> 'buffer_before_minutes', 0, 240, before_minutes);
    end if;
    if settings ? 'buffer_after_minutes' then
        after_minutes := private.whole_number(settings -> 'buffer_after_minutes', 0, 240, after_minutes);
    end if;
    if settings ? 'travel_minutes' then
        travel_minutes := private.whole_number(settings -> 'travel_minutes', 0, 240, travel_minutes);
    end if;
    lead_time := make_interval(mins => lead_minutes);
    step := make_interval(mins => step_minutes);
end
$$;

revoke execute on function private.booking_rules(jsonb) from public;
grant execute on function private.booking_rules(jsonb) to frontdesk_app;
