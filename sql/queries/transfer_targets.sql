-- Whom a caller of an organization ($1) can be handed to at this hour, in the call $2 (private.transfer_targets()).
select
    t.source,
    t.name,
    t.phone,
    t.extension,
    t.wait_seconds,
    t.dial_countries,
    t.tried
from private.transfer_targets($1, $2) as t
