-- Does a tool call that asks for a person up to the choice of whom to ring (private.prepare_transfer()).
select
    a.answer,
    a.language,
    a.source,
    a.name,
    a.phone,
    a.extension,
    a.wait_seconds,
    a.dial_countries,
    a.tried
from private.prepare_transfer($1, $2, $3, $4, $5, $6, $7) as a
