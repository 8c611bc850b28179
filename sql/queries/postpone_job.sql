-- Postpones a job until $4, in the state $3, after an attempt ($5) that ended as $6 for the reason $7. A report of the provider's that
-- came meanwhile knows more, and stands.
with ended as (
    update private.outbox_attempts as a
    set
        finished_at = private.clock(),
        outcome = coalesce(a.outcome, $6),
        error_code = coalesce(a.error_code, $7)
    where a.organization_id = $1 and a.id = $5 and a.effect_id = $2
)

update private.outbox as o
set
    state = $3,
    due_at = $4,
    error_code = coalesce($7, o.error_code)
where o.organization_id = $1 and o.id = $2 and o.state in ('pending', 'sending', 'unknown')
