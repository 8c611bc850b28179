-- Whose call is this ($1 Vapi's phone number id, $2 Vapi's assistant id, $3 the called number; any may be null), and what does a call need
-- to know of that organization? The statement binds itself once it knows to whom. No row: nobody's.
select
    o.organization_id,
    o.name,
    o.timezone,
    o.language,
    o.vapi_assistant_id,
    o.transfer_mode,
    o.languages,
    o.services,
    c.calendar
from private.organization_of_call($1, $2, $3) as o
cross join lateral private.calendar_of(o.organization_id) as c (calendar)
