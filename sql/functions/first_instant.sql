-- The instant of a local time; the first of the two when the clocks are put back over it. PostgreSQL alone takes the second.
-- Null when the clocks skip it. Zones are put back by an hour, one by two (Troll), and one by half an hour (Lord Howe).
create or replace function private.first_instant(local_time timestamp, zone text) returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    instant constant timestamptz := local_time at time zone zone;
    back interval;
begin
    foreach back in array '{2 hours,1 hour,30 minutes,0}'::interval[]
    loop
        if (instant - back) at time zone zone = local_time then
            return instant - back;
        end if;
    end loop;
    return null;
end
$$;

revoke execute on function private.first_instant(timestamp, text) from public;
grant execute on function private.first_instant(timestamp, text) to frontdesk_app;
