-- From which of its own numbers an organization texts or calls ($2: sms, voice), if it has one at Twilio.
select p.phone_number::text
from public.phone_number_assignments as p
where
    p.organization_id = $1
    and p.is_active
    and p.phone_provider = 'twilio'
    and $2 = any (p.capabilities)
order by p.assigned_at, p.id
limit 1
