-- The Twilio accounts of organizations that brought their own, with their sealed auth tokens.
select
    c.organization_id,
    c.account_sid,
    c.secret,
    c.key_id
from private.live_twilio_credentials() as c
