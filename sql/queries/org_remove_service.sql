-- Offers a service no more. Appointments that were booked for it stand and keep what they need.
update public.services as s
set is_active = false, is_default = false
where s.organization_id = $1 and private.name_key(s.name) = private.name_key($2) and s.is_active
returning s.id
