select array(
    select s.starts::text
    from open_slots(p.organization_id, $2::text::date, $3::integer) as s
    where s.is_free
) as times
from phone_numbers as p
where p.vapi_id = $1::text and p.is_active
