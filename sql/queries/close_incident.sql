-- Closes an emergency that $3 has taken: the work is done.
update public.emergency_incidents as i
set status = 'closed'
where i.organization_id = $1 and i.id = $2 and i.status = 'acknowledged' and i.acknowledged_phone = $3
returning i.id
