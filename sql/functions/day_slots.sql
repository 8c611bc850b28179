-- Every slot that starts on a day and lies within the opening hours, in order, with whether it can be booked
-- (private.search_day()). Checking, holding, booking and moving all ask the same.
--
-- Compiling the plan just in time would take half a second for a statement of less than a millisecond, and planning it anew
-- for each call takes three times as long as running it.
create or replace function private.day_slots(
    org_id uuid,
    target_date date,
    needs private.visit,
    call_id text,
    moving uuid
)
returns table (start_time time, end_time time, is_available boolean)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    day record;
begin
    if target_date is null then
        raise null_value_not_allowed using message = 'target_date must be given';
    end if;
    perform private.require_organization(org_id);
    if moving is null and needs.skill is null and needs.address_key is null and needs.minutes between 1 and 480 then
        return query
        select s.start_time, s.start_time + make_interval(mins => needs.minutes), s.is_free
        from private.plain_day(
            org_id, private.clock(), target_date, needs.minutes, needs.before_minutes, needs.after_minutes
        ) as d
        cross join lateral private.plain_slots(
            target_date, needs.minutes, d.starts, d.rooms, d.earliest, d.before, d.after, d.busy, d.capacity
        ) as s
        where
            d.is_plain
            and (d.postal_codes is null or private.serves(d.postal_codes, needs.postal_code) is not false);
        if found then
            return;
        end if;
    end if;
    day := private.search_day(org_id, target_date, needs, call_id, moving);
    return query
    select s.starts_at::time, s.ends_at::time, s.is_free
    from unnest(day.starts_at, day.ends_at, day.is_free) as s (starts_at, ends_at, is_free);
end
$$;

revoke execute on function private.day_slots(uuid, date, private.visit, text, uuid) from public;
grant execute on function private.day_slots(uuid, date, private.visit, text, uuid) to frontdesk_app;
