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
    day := private.search_day(org_id, target_date, needs, call_id, moving);
    return query
    select s.starts_at::time, s.ends_at::time, s.is_free
    from unnest(day.starts_at, day.ends_at, day.is_free) as s (starts_at, ends_at, is_free);
end
$$;

revoke execute on function private.day_slots(uuid, date, private.visit, text, uuid) from public;
grant execute on function private.day_slots(uuid, date, private.visit, text, uuid) to frontdesk_app;
