-- Whether a visit can start at a time: a slot starts then, and it can be booked.
create or replace function private.is_free(org_id uuid, wanted_date date, wanted_time time, minutes integer)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (
            select s.is_available
            from public.get_available_time_slots(org_id, wanted_date, minutes) as s
            where s.start_time = wanted_time
        ),
        false
    );
end
$$;

revoke execute on function private.is_free(uuid, date, time, integer) from public;
grant execute on function private.is_free(uuid, date, time, integer) to frontdesk_app;
