-- Makes somebody who has signed up a member.
insert into public.organization_members (organization_id, user_id, role)
values ($1, $2, $3)
