-- Whether a visit can start at a time: a slot starts then, and it can be booked; null when no slot starts then. What the call `call_id`
-- holds is free to it, and the visit `moving` is not in its own way.
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
begin
    return (
        select s.is_available
        from private.day_slots(org_id, wanted_date, needs, call_id, moving) as s
        where s.start_time = wanted_time
    );
end
$$;

revoke execute on function private.is_free(uuid, date, time, private.visit, text, uuid) from public;
grant execute on function private.is_free(uuid, date, time, private.visit, text, uuid) to frontdesk_app;
