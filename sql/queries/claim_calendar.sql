-- Claims a linked calendar ($2) of an organization ($1) for so many seconds ($3), with what reading it takes.
select
    c.provider, c.account_id, c.address, c.username, c.secret_name, c.secret, c.key_id, c.calendar, c.since, c.zone, c.first, c.last,
    c.claim, c.failures, c.channel_id, c.channel_resource, c.channel_expires_at
from private.claim_calendar($1, $2, $3) as c
