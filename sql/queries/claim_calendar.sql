-- Claims a linked calendar ($2) of an organization ($1) for so many seconds ($3), with what reading it takes. At Calendly that is also what is
-- booked there: where it was moved to must be asked for.
select
    c.provider, c.account_id, c.address, c.username, c.secret_name, c.secret, c.key_id, c.calendar, c.since, c.zone, c.first, c.last,
    c.claim, c.failures, c.channel_id, c.channel_resource, c.channel_expires_at,
    array(
        select k.resource
        from private.calendar_copies as k
        where
            c.provider = 'calendly'
            and k.organization_id = $1
            and k.link_id = $2
            and k.is_wanted
            and k.resource is not null
            and (k.written ->> 'starts')::timestamp >= c.first
    ) as booked
from private.claim_calendar($1, $2, $3) as c
