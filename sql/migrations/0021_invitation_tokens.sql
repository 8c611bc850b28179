-- Whoever reads the table of invitations must not be able to accept them: from here on it holds the SHA-256 of each token. A
-- trigger sees to it for what is written later.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

update public.organization_invitations as i
set token = 'sha256:' || encode(sha256(convert_to(i.token, 'UTF8')), 'hex')
where i.token not like 'sha256:%';

alter table public.organization_invitations
add constraint organization_invitations_role_check check (role in ('owner', 'admin', 'member')) not valid;
