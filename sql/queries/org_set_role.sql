-- Gives a member another role. The table refuses to leave an organization without an owner.
update public.organization_members as m
set role = $2
where m.id = $1
