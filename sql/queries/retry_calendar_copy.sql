-- Notes why ($4) a copy ($2), claimed until $3, could not be written, and when it is tried again ($5); with a new id where $6.
update private.calendar_copies as c
set
    claimed_until = null,
    failure_code = $4,
    due_at = $5,
    resource = case when not $6 then c.resource end,
    etag = case when not $6 then c.etag end,
    written = case when not $6 then c.written end,
    generation = c.generation + case when $6 then 1 else 0 end
where c.organization_id = $1 and c.id = $2 and c.claimed_until = $3
