-- Closes an incident ($1), as a dashboard does: what is still to be sent for it stops, and those who were told hear of it. No row: it is
-- closed already.
update public.emergency_incidents as i
set status = 'closed'
where i.id = $1 and i.status <> 'closed'
returning i.closed_at
