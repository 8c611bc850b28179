-- Whether an appointment can start at a time: a slot starts then, and it can be booked; null when no slot starts then. What the call `call_id`
-- holds is free to it, and the appointment `moving` is not in its own way.
create or replace function private.is_free(
    org_id uuid,
    wanted_date date,
    wanted_time time,
    needs private.visit,
    call_id text,
    moving uuid
)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    day record;
begin
    if moving is null and needs.skill is null and needs.address_key is null then
        select
            d.is_plain and (d.postal_codes is null or private.serves(d.postal_codes, needs.postal_code) is not false) as is_plain,
            (
                select s.is_free
                from private.plain_slots(
                    wanted_date, needs.minutes, d.starts, d.rooms, d.earliest, d.before, d.after, d.busy, d.capacity
                ) as s
                where s.start_time = wanted_time
            ) as is_free
        into day
        from private.plain_day(
            org_id, private.clock(), wanted_date, needs.minutes, needs.before_minutes, needs.after_minutes
        ) as d;
        if day.is_plain then
            return day.is_free;
        end if;
    end if;
    return (
        select s.is_available
        from private.day_slots(org_id, wanted_date, needs, call_id, moving) as s
        where s.start_time = wanted_time
    );
end
$$;

revoke execute on function private.is_free(uuid, date, time, private.visit, text, uuid) from public;
grant execute on function private.is_free(uuid, date, time, private.visit, text, uuid) to frontdesk_app;
