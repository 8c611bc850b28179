-- The linked calendars of an organization ($1): when each was read, what it said, and what went wrong.
select
    jsonb_build_object(
        'id', l.id,
        'provider', a.provider,
        'address', a.address,
        'username', a.username,
        'calendar', l.calendar,
        'scope', l.scope,
        'crew', l.crew,
        'reads', l.reads,
        'writes', l.writes,
        'state', a.state,
        'is_enabled', o.calendar_sync_enabled,
        'is_stale', l.reads and (
            a.state = 'revoked'
            or coalesce(l.last_synced_at + make_interval(mins => r.stale_minutes) <= private.clock(), true)
        ),
        'synced_at', l.last_synced_at,
        'listed_at', l.last_full_at,
        'due_at', l.due_at,
        'failures', l.failures,
        'failure', l.failure_code,
        'events', (select count(*) from private.external_events as e where e.link_id = l.id),
        'copies', (select count(*) from private.calendar_copies as c where c.link_id = l.id and c.written is not null),
        'waiting', (
            select count(*) from private.calendar_copies as c
            where c.link_id = l.id and (c.due_at <= private.clock() or c.failure_code is not null)
        ),
        'copy_failure', (
            select max(c.failure_code) from private.calendar_copies as c where c.link_id = l.id
        ),
        'conflicts', (
            select count(*) from private.calendar_conflicts as c where c.link_id = l.id and c.closed_at is null
        ),
        'has_channel', coalesce(l.channel_resource <> '' and l.channel_expires_at > private.clock(), false)
    )
from private.calendar_links as l
join private.calendar_accounts as a on a.id = l.account_id
join public.organizations as o on o.id = l.organization_id
cross join lateral private.calendar_rules(o.settings) as r
where l.organization_id = $1
order by a.provider, l.calendar, l.id
