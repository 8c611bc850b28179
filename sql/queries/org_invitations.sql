-- The invitations that can still be accepted. Their tokens are nobody's to read.
select jsonb_build_object('email', i.invited_email, 'role', i.role, 'expires_at', i.expires_at)
from public.organization_invitations as i
where i.organization_id = $1 and i.status = 'pending' and i.expires_at > now()
order by i.expires_at, i.id
