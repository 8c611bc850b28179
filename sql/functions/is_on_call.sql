-- Whether a contact with these days and hours is on call at a moment on the organization's clock. A window over midnight belongs to the day on
-- which it starts, and so do the 24 hours of one whose start is its end. A start alone lasts until midnight, an end alone begins at midnight.
-- It is planned as part of the statement that asks it.
create or replace function private.is_on_call(days text[], starts time, ends time, local timestamp) returns boolean
language sql
immutable
parallel safe
return
    local::time >= coalesce(starts, '00:00')
    and (local::time < coalesce(ends, '24:00') or coalesce(starts, '00:00') >= coalesce(ends, '24:00'))
    and coalesce(
        days @> array[('{monday,tuesday,wednesday,thursday,friday,saturday,sunday}'::text[])[extract(isodow from local)::integer]],
        true
    )
    or local::time < coalesce(ends, '24:00')
    and coalesce(starts, '00:00') >= coalesce(ends, '24:00')
    and coalesce(
        days @> array[('{sunday,monday,tuesday,wednesday,thursday,friday,saturday}'::text[])[extract(isodow from local)::integer]],
        true
    );

revoke execute on function private.is_on_call(text[], time, time, timestamp) from public;
grant execute on function private.is_on_call(text[], time, time, timestamp) to frontdesk_app;
