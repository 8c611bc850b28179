-- Invites somebody. A trigger stores the token's hash in place of the token.
insert into public.organization_invitations (
    organization_id,
    invited_by_user_id,
    invited_email,
    role,
    token
)
values ($1, $2, $3, $4, $5)
returning expires_at
