-- Enqueues a job of the kind $2 with what it needs to know ($3), for the page $4 if it is for one, under a key ($5) that is used once.
insert into private.outbox (organization_id, kind, priority, dedupe_key, payload, notification_id, due_at, expires_at)
values ($1, $2, 0, $5, $3, $4, private.clock(), $6)
on conflict (organization_id, dedupe_key) do nothing
returning id
