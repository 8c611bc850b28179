-- Which organization has entered Vapi's assistant $1 as its own?
select f.organization_id
from private.find_organization(null, $1, null) as f
