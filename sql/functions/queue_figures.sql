-- Figures for the metrics, across all organizations and without anything of theirs: how many jobs of the outbox are due and for how long the
-- oldest has been, and the same of emergencies that nobody has acknowledged. It runs as its owner, since the service's role sees one
-- organization at a time. The outbox is asked for each priority, by which its index is ordered, and at most a thousand jobs of each are
-- counted. It is asked every few seconds and by no call.
create or replace function private.queue_figures(at timestamptz)
returns table (
    due_jobs bigint,
    oldest_due_seconds double precision,
    unacknowledged_incidents bigint,
    oldest_unacknowledged_seconds double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select
        jobs.due::bigint,
        greatest(coalesce(extract(epoch from at - jobs.oldest), 0), 0)::double precision,
        incidents.unacknowledged,
        greatest(coalesce(extract(epoch from at - incidents.oldest), 0), 0)::double precision
    from (
        select
            coalesce(sum(o.due), 0) as due,
            min(o.oldest) as oldest
        from generate_series(0, 9) as p (priority)
        cross join lateral (
            select
                count(*) as due,
                min(e.due_at) as oldest
            from (
                select q.due_at
                from private.outbox as q
                where q.priority = p.priority::smallint and q.due_at <= at
                order by q.due_at
                limit 1000
            ) as e
        ) as o
    ) as jobs
    cross join (
        select
            count(*) as unacknowledged,
            min(i.opened_at) as oldest
        from public.emergency_incidents as i
        where i.status <> 'closed' and i.status <> 'acknowledged'
    ) as incidents;
end
$$;

revoke execute on function private.queue_figures(timestamptz) from public;
grant execute on function private.queue_figures(timestamptz) to frontdesk_app;
