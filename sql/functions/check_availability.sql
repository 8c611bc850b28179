-- What can be offered for a day. `reason` is about that day: `open`, and the rows are its free slots; else why there are
-- none (`past`, `closed`, `too_long`, `too_soon`, `too_far`, `full`; `out_of_area` and `no_crew`, on any day), and the rows are the free slots of the next day that
-- has any within the horizon, or of the last one when the day lies beyond it. One row of nulls when there is no such day.
--
-- What the call `call_id` holds is free to it, and the appointment `moving` is not in its own way.
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
    found_day record;
    day date := target_date;
    step integer := 1;
    last date;
    why text;
    plain_starts time[];
begin
    perform private.require_organization(org_id);
    loop
        if moving is null and needs.skill is null and needs.address_key is null then
            plain_starts := null;
            select array(
                select s.start_time
                from private.plain_slots(
                    day, needs.minutes, d.starts, d.rooms, d.earliest, d.before, d.after, d.busy, d.capacity
                ) as s
                where s.is_free
            )
            into plain_starts
            from private.plain_day(
                org_id, private.clock(), day, needs.minutes, needs.before_minutes, needs.after_minutes
            ) as d
            where
                d.is_plain
                and (d.postal_codes is null or private.serves(d.postal_codes, needs.postal_code) is not false);
            if plain_starts <> '{}' then
                return query
                select coalesce(why, 'open'), day, s.start_time, s.start_time + make_interval(mins => needs.minutes)
                from unnest(plain_starts) as s (start_time);
                return;
            elsif plain_starts = '{}' and why is not null then
                exit when day = last or (last - day) * step < 0;
                day := day + step;
                continue;
            end if;
        end if;
        found_day := private.search_day(org_id, day, needs, call_id, moving);
        if last is null then
            last := found_day.last_day;
            if found_day.comes_there is false then
                return query select 'out_of_area', null::date, null::time, null::time;
                return;
            elsif found_day.able = '{}' then
                return query select 'no_crew', null::date, null::time, null::time;
                return;
            elsif target_date < found_day.today then
                why := 'past';
                day := found_day.today;
                continue;
            elsif target_date > found_day.last_day then
                why := 'too_far';
                day := found_day.last_day;
                last := greatest(found_day.last_day - 31, found_day.today);
                step := -1;
                continue;
            end if;
        end if;
        if true = any(found_day.is_free) then
            return query
            select coalesce(why, 'open'), day, s.starts_at::time, s.ends_at::time
            from unnest(found_day.starts_at, found_day.ends_at, found_day.is_free) as s (starts_at, ends_at, is_free)
            where s.is_free;
            return;
        end if;
        -- The day that was asked about has nothing, and this is why.
        why := coalesce(why, case
            when found_day.in_time > 0 then 'full'
            when found_day.starts_at is not null then 'too_soon'
            when found_day.is_open then 'too_long'
            else 'closed'
        end);
        exit when day = last or (last - day) * step < 0;
        day := day + step;
    end loop;
    return query select why, null::date, null::time, null::time;
end
$$;

revoke execute on function private.check_availability(uuid, date, private.visit, text, uuid) from public;
grant execute on function private.check_availability(uuid, date, private.visit, text, uuid) to frontdesk_app;
