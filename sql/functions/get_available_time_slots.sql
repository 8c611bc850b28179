-- Every slot that starts on a day and lies within the opening hours, in order, with whether it can be booked: what
-- private.day_slots() tells anybody.
create or replace function public.get_available_time_slots(
    org_id uuid,
    target_date date,
    slot_duration integer default 60
)
returns table (start_time time, end_time time, is_available boolean)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    needs private.visit;
begin
    needs.minutes := slot_duration;
    return query
    select s.start_time, s.end_time, s.is_available
    from private.day_slots(org_id, target_date, needs, null, null) as s;
end
$$;

revoke execute on function public.get_available_time_slots(uuid, date, integer) from public, anon, authenticated;
grant execute on function public.get_available_time_slots(uuid, date, integer) to service_role, frontdesk_app;
