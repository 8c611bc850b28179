-- Moves the chain of an emergency: its state ($3), round ($4), step ($5) and number of rounds ($6), and when it moves next ($7). $8 says
-- that those who were paged, and the caller, are told of who has taken it.
update public.emergency_incidents as i
set
    status = $3,
    round = $4,
    step = $5,
    rounds = $6,
    due_at = $7,
    announced_at = case when $8 then private.clock() else i.announced_at end
where i.organization_id = $1 and i.id = $2
