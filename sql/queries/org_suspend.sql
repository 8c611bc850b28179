-- Suspends an organization's calls; again, it takes the new reason.
insert into private.suspensions as s (organization_id, reason)
values ($1, $2)
on conflict (organization_id) do update
set reason = coalesce(excluded.reason, s.reason)
returning s.suspended_at
