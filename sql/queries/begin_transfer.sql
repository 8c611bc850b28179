-- Begins the transaction of a transfer, up to the choice of whom to ring (private.begin_transfer()).
select
    b.is_read_only,
    b.answer,
    b.language,
    b.source,
    b.name,
    b.phone,
    b.extension,
    b.wait_seconds,
    b.dial_countries,
    b.tried
from private.begin_transfer($1, $2, $3, $4, $5, $6, $7, $8) as b
