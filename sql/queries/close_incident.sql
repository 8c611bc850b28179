-- Closes an emergency that whoever has the telephone $3, or the place $4 in the chain, has taken: the work is done.
update public.emergency_incidents as i
set status = 'closed'
where
    i.organization_id = $1
    and i.id = $2
    and i.status = 'acknowledged'
    and (i.acknowledged_phone = $3 or i.acknowledged_step = $4)
returning i.id
