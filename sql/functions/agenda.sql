-- What is due now (private.due_jobs()), and with it the linked calendars that are to be read and the copies of appointments that are to be
-- written into them. The last row says when there will be more.
create or replace function private.agenda(at timestamptz, most integer)
returns table (kind text, organization_id uuid, id uuid, due_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    later timestamptz;
begin
    for kind, organization_id, id, due_at in select d.kind, d.organization_id, d.id, d.due_at from private.due_jobs(at, most) as d
    loop
        if kind = 'later' then
            later := due_at;
        else
            return next;
        end if;
    end loop;
    return query
    select 'calendar_copy'::text, c.organization_id, c.id, c.due_at
    from private.calendar_copies as c
    where c.due_at <= at
    order by c.due_at
    limit most;
    -- Those that were read longest ago first, and no more at once than leaves room for the rest.
    return query
    select 'calendar'::text, l.organization_id, l.id, l.due_at
    from private.calendar_links as l
    where l.due_at <= at
    order by l.due_at
    limit least(most, 8);
    return query
    select 'later'::text, null::uuid, null::uuid, least(
        later,
        (select min(c.due_at) from private.calendar_copies as c where c.due_at > at),
        (select min(l.due_at) from private.calendar_links as l where l.due_at > at)
    );
end
$$;

revoke execute on function private.agenda(timestamptz, integer) from public;
grant execute on function private.agenda(timestamptz, integer) to frontdesk_app;
