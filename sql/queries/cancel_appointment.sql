-- Calls an appointment ($2) off; no row when it is not live any more.
update public.appointments as a
set status = 'cancelled'
where a.organization_id = $1 and a.id = $2 and a.status in ('pending', 'confirmed')
returning a.id
