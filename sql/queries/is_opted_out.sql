-- Whether a number wants no text messages: its newest entry says so.
select c.status = 'withdrawn'
from public.sms_consents as c
where c.organization_id = $1 and c.phone_number = $2
order by c.created_at desc, c.id desc
limit 1
