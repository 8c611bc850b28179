-- Releases a copy ($2), claimed until $3, that is as it is to be; it is due again when it was changed meanwhile, or is about to be followed.
update private.calendar_copies as c
set
    claimed_until = null,
    written = c.written - 'is_outdated',
    attempts = 0,
    failure_code = null,
    due_at = case
        when c.due_at < $3 then c.due_at
        when c.seen_at > private.clock() - interval '2 minutes' then c.seen_at + interval '2 minutes'
        -- Another calendar is to be read first.
        when (c.seen_at is not null and c.seen is null or c.found_at is not null) and not coalesce(c.found ? 'is_kept', false)
            then greatest(greatest(c.seen_at, c.found_at) + interval '2 minutes', private.clock() + interval '30 seconds')
    end
where c.organization_id = $1 and c.id = $2 and c.claimed_until = $3
