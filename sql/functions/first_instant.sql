-- The instant of a local time; the first of the two when the clocks are put back over it. PostgreSQL alone takes the second.
-- Null when the clocks skip it. Zones are put back by an hour, and one by half an hour (Lord Howe).
create or replace function private.first_instant(local_time timestamp, zone text) returns timestamptz
language sql
stable
set search_path = ''
as $$
    select i.at
    from (
        values
        ((local_time at time zone zone) - interval '1 hour'),
        ((local_time at time zone zone) - interval '30 minutes'),
        (local_time at time zone zone)
    ) as i (at)
    where i.at at time zone zone = local_time
    order by i.at
    limit 1
$$;

revoke execute on function private.first_instant(timestamp, text) from public;
