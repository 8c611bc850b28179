-- The members of an organization: owners, admins, members; the longest-standing first.
select jsonb_build_object('email', u.email, 'name', p.full_name, 'role', m.role, 'since', m.created_at)
from public.organization_members as m
inner join auth.users as u on u.id = m.user_id
left join public.user_profiles as p on p.id = m.user_id
where m.organization_id = $1
order by array_position('{owner,admin,member}', m.role::text), m.created_at, m.id
