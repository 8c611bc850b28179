-- The time that an appointment takes on the clock of the organization, half open. It ends at the later of start plus duration and
-- what the clock says when the duration is over: when the clocks go forward the hour that passes is covered, when they go
-- back both of the repeated hours are. As private.clock() it is planned as part of the statement that asks it.
create or replace function private.busy_range(starts_at timestamp, minutes integer, zone text) returns tsrange
language sql
stable
return tsrange(
    starts_at,
    greatest(
        starts_at + make_interval(mins => minutes),
        ((starts_at at time zone zone) + make_interval(mins => minutes)) at time zone zone
    )
);

revoke execute on function private.busy_range(timestamp, integer, text) from public;
grant execute on function private.busy_range(timestamp, integer, text) to frontdesk_app;

-- The same of an appointment together with what its crew needs before and after it. An hour that the clocks skip within that does not
-- count as part of it.
create or replace function private.busy_range(visit tsrange, before interval, after interval, zone text) returns tsrange
language sql
stable
return tsrange(
    least(lower(visit) - before, ((lower(visit) at time zone zone) - before) at time zone zone),
    greatest(upper(visit) + after, ((upper(visit) at time zone zone) + after) at time zone zone)
);

revoke execute on function private.busy_range(tsrange, interval, interval, text) from public;
grant execute on function private.busy_range(tsrange, interval, interval, text) to frontdesk_app;
