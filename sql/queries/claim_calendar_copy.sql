-- Claims a copy of an appointment ($2) for so many seconds ($3), with what is to stand in the calendar.
select
    c.claim, c.link_id, c.provider, c.account_id, c.address, c.username, c.secret_name, c.secret, c.key_id, c.calendar, c.original_id,
    c.generation, c.resource, c.etag, c.written, c.seen_at, c.attempts, c.is_wanted, c.zone, c.starts, c.minutes, c.starts_at, c.ends_at,
    c.is_tentative, c.service, c.customer_name, c.customer_phone, c.place, c.description, c.changed_at
from private.claim_calendar_copy($1, $2, $3) as c
