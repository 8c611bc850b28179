-- What is due now, the most urgent first: incidents to escalate, jobs of the outbox, reminders of the day. It runs as its owner and
-- returns ids only; the worker then does each bound to its organization, where a lock decides which of several workers claims it.
-- The last row says when there will be more. The outbox is asked for each priority that something in it has, by which its index is ordered:
-- what falls due later, such as the reminders of a month, costs nothing then.
create or replace function private.due_jobs(at timestamptz, most integer)
returns table (kind text, organization_id uuid, id uuid, due_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    priorities smallint[];
begin
    with recursive used as (
        (
            select o.priority from private.outbox as o
            where o.due_at is not null
            order by o.priority
            limit 1
        )
        union all
        select (
            select o.priority from private.outbox as o
            where o.due_at is not null and o.priority > u.priority
            order by o.priority
            limit 1
        )
        from used as u
        where u.priority is not null
    )

    select array_agg(u.priority) filter (where u.priority is not null) into priorities from used as u;
    return query
    select 'incident'::text, i.organization_id, i.id, i.due_at
    from public.emergency_incidents as i
    where i.due_at <= at
    order by i.due_at
    limit most;
    return query
    select 'job'::text, o.organization_id, o.id, o.due_at
    from unnest(priorities) as p (priority)
    cross join lateral (
        select e.organization_id, e.id, e.due_at
        from private.outbox as e
        where e.priority = p.priority and e.due_at <= at
        order by e.due_at
        limit most
    ) as o
    order by p.priority, o.due_at
    limit most;
    return query
    select 'reminders'::text, r.organization_id, r.organization_id, r.next_at
    from private.reminder_schedule as r
    where r.next_at <= at
    order by r.next_at
    limit most;
    return query
    select 'later'::text, null::uuid, null::uuid, least(
        (select min(i.due_at) from public.emergency_incidents as i where i.due_at > at),
        (
            select min(o.due_at)
            from unnest(priorities) as p (priority)
            cross join lateral (
                select e.due_at from private.outbox as e
                where e.priority = p.priority and e.due_at > at
                order by e.due_at
                limit 1
            ) as o
        ),
        (select min(r.next_at) from private.reminder_schedule as r where r.next_at > at)
    );
end
$$;

revoke execute on function private.due_jobs(timestamptz, integer) from public;
grant execute on function private.due_jobs(timestamptz, integer) to frontdesk_app;
