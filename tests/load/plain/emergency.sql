with told as (
    select p.organization_id, c.id, c.name
    from phone_numbers as p
    left join lateral on_call_contact(p.organization_id, $4::text) as c on true
    where p.vapi_id = $1::text and p.is_active
), logged as (
    insert into call_logs (organization_id, vapi_call_id, caller, status, is_emergency)
    select t.organization_id, $2::text, $5::text, 'in-progress', true from told as t
    on conflict (vapi_call_id) do update set is_emergency = true
)
insert into notifications (organization_id, contact_id, vapi_call_id, urgency, message)
select t.organization_id, t.id, $2::text, $4::text, $3::text from told as t
returning (select t.name from told as t)
