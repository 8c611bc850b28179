-- Gives a crew a name and skills; what is null stays as it is.
insert into public.crews as c (organization_id, number, name, skills)
values ($1, $2, $3, coalesce($4, '{}'))
on conflict (organization_id, number) do update
set name = coalesce($3, c.name), skills = coalesce($4, c.skills)
returning c.skills
