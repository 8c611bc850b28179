-- A member by their address, and how many owners there are beside them.
select
    jsonb_build_object(
        'id', m.id,
        'email', u.email,
        'role', m.role,
        'other_owners', (
            select count(*)
            from public.organization_members as n
            where n.organization_id = m.organization_id and n.role = 'owner' and n.id <> m.id
        )
    )
from public.organization_members as m
inner join auth.users as u on u.id = m.user_id
where m.organization_id = $1 and lower(u.email) = lower($2)
order by m.created_at, m.id
limit 1
