-- Removes a member. The table refuses to leave an organization without an owner.
delete from public.organization_members as m
where m.id = $1
