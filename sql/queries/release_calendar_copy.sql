-- Releases a copy ($2), claimed until $3, that is as it is to be; it is due again when it was changed meanwhile, or is about to be followed.
update private.calendar_copies as c
set
    claimed_until = null,
    attempts = 0,
    failure_code = null,
    due_at = case
        when c.due_at < $3 then c.due_at
        when c.seen_at > private.clock() - interval '2 minutes' then c.seen_at + interval '2 minutes'
    end
where c.organization_id = $1 and c.id = $2 and c.claimed_until = $3
