-- Ends the pending invitations of an address, which a new one replaces.
update public.organization_invitations as i
set status = 'expired'
where i.organization_id = $1 and lower(i.invited_email) = lower($2) and i.status = 'pending'
returning i.id
