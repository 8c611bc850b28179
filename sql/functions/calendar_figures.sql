-- Figures for the metrics, across all organizations and without anything of theirs: how many calendars are linked, by how they are, how long ago the
-- one was read that was not read for the longest, how many appointments wait to be written into one (at most a thousand), and how many
-- conflicts are open (the same). It runs as its owner, since the service's role sees one organization at a time. A link whose account is
-- revoked or that is switched off is not read, so that its age tells nothing.
create or replace function private.calendar_figures(at timestamptz)
returns table (
    live_links bigint,
    failing_links bigint,
    revoked_links bigint,
    oldest_sync_seconds double precision,
    waiting_copies bigint,
    open_conflicts bigint
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
        links.live,
        links.failing,
        links.revoked,
        greatest(coalesce(extract(epoch from at - links.oldest), 0), 0)::double precision,
        (
            select count(*)
            from (select from private.calendar_copies as c where c.due_at <= at limit 1000) as w
        ),
        (
            select count(*)
            from (select from private.calendar_conflicts as c where c.closed_at is null limit 1000) as w
        )
    from (
        select
            count(*) filter (where a.state = 'live' and l.failures = 0) as live,
            count(*) filter (where a.state = 'live' and l.failures > 0) as failing,
            count(*) filter (where a.state = 'revoked') as revoked,
            min(coalesce(l.last_synced_at, l.created_at)) filter (where l.reads and l.due_at is not null) as oldest
        from private.calendar_links as l
        join private.calendar_accounts as a on a.id = l.account_id
    ) as links;
end
$$;

revoke execute on function private.calendar_figures(timestamptz) from public;
grant execute on function private.calendar_figures(timestamptz) to frontdesk_app;
