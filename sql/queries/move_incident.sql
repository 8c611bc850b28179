-- Moves the escalation of an incident on (private.move_incident()). Where nobody took it the calls in which it was reported come back, as far as
-- they take commands.
select
    m.vapi_call_id,
    m.control_url,
    m.language_code
from private.move_incident($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as m
