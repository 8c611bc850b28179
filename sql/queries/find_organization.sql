-- Whose call is this? $1 Vapi's phone number id, $2 Vapi's assistant id, $3 the called number; any may be null. Two rows mean
-- that the parts of the message belong to different organizations, and the call is refused.
select f.organization_id, f.assigned_assistant_id
from private.find_organization($1, $2, $3) as f
