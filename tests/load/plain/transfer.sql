insert into transfers (organization_id, vapi_call_id, reason, urgency, transfer_to)
select p.organization_id, $2::text, $3::text, $4::text, coalesce(c.phone, o.transfer_phone)
from phone_numbers as p
join organizations as o on o.id = p.organization_id
left join lateral on_call_contact(p.organization_id, $4::text) as c on true
where p.vapi_id = $1::text and p.is_active
returning transfer_to
