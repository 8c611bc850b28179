-- What can be offered for a day. `reason` is about that day: `open`, and the rows are its free slots; else why there are
-- none (`past`, `closed`, `too_long`, `too_soon`, `too_far`, `full`; `out_of_area` and `no_crew`, on any day), and the rows are the free slots of the next day that
-- has any within the horizon, or of the last one when the day lies beyond it. One row of nulls when there is no such day.
--
-- What the call `call_id` holds is free to it, and the visit `moving` is not in its own way.
drop function if exists private.check_availability(uuid, date, integer);
drop function if exists private.check_availability(uuid, date, integer, text, uuid);

create or replace function private.check_availability(
    org_id uuid,
    target_date date,
    needs private.visit,
    call_id text,
    moving uuid
)
returns table (reason text, slot_date date, start_time time, end_time time)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    calendar constant private.calendar := private.calendar_of(org_id, needs);
    day date := target_date;
    last date := calendar.last_day;
    step integer := 1;
    slots record;
    why text;
begin
    if calendar.comes_there is false then
        return query select 'out_of_area', null::date, null::time, null::time;
        return;
    elsif calendar.able = '{}' then
        return query select 'no_crew', null::date, null::time, null::time;
        return;
    elsif target_date < calendar.today then
        why := 'past';
        day := calendar.today;
    elsif target_date > calendar.last_day then
        why := 'too_far';
        day := calendar.last_day;
        last := greatest(calendar.last_day - 31, calendar.today);
        step := -1;
    end if;

    while day is not null and (last - day) * step >= 0
    loop
        slots := private.slots_on(calendar, day, call_id, moving);
        return query
        select coalesce(why, 'open'), day, s.starts_at::time, s.ends_at::time
        from unnest(slots.starts_at, slots.ends_at, slots.is_free) as s (starts_at, ends_at, is_free)
        where s.is_free;
        if found then
            return;
        end if;
        -- The day that was asked about has nothing, and this is why.
        why := coalesce(why, case
            when slots.in_time > 0 then 'full'
            when slots.starts_at is not null then 'too_soon'
            when slots.is_open then 'too_long'
            else 'closed'
        end);
        day := day + step;
    end loop;
    return query select why, null::date, null::time, null::time;
end
$$;

revoke execute on function private.check_availability(uuid, date, private.visit, text, uuid) from public;
grant execute on function private.check_availability(uuid, date, private.visit, text, uuid) to frontdesk_app;
