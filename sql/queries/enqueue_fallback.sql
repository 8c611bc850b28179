-- Enqueues a job that tells the fallback number of an incident ($2) of which no page of this round could be sent for $3 milliseconds, once a
-- round. No row comes back when one was sent, none was tried, or it was done before.
with pages as (
    select
        i.round,
        min(n.created_at) as tried_since,
        bool_or(e.provider_sid is not null or e.state in ('accepted', 'done')) as was_sent
    from public.emergency_incidents as i
    join public.emergency_notifications as n on n.incident_id = i.id and n.round = i.round
    join private.outbox as e on e.notification_id = n.id and e.kind = n.notification_type
    where i.organization_id = $1 and i.id = $2 and e.attempts > 0
    group by i.round
)

insert into private.outbox (organization_id, kind, priority, dedupe_key, payload, due_at, expires_at)
select
    $1,
    'fallback',
    0,
    format('fallback:%s:%s', $2::uuid, p.round),
    jsonb_build_object('incident_id', $2::uuid),
    private.clock(),
    private.clock() + interval '24 hours'
from pages as p
where not p.was_sent and p.tried_since <= private.clock() - make_interval(secs => $3::integer / 1000.0)
on conflict (organization_id, dedupe_key) do nothing
returning id
