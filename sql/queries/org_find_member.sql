-- A member by their address, and how many owners there are beside them.
select
    m.id,
    u.email::text,
    m.role::text,
    (
        select count(*)
        from public.organization_members as n
        where n.organization_id = m.organization_id and n.role = 'owner' and n.id <> m.id
    ) as other_owners
from public.organization_members as m
inner join auth.users as u on u.id = m.user_id
where m.organization_id = $1 and lower(u.email) = lower($2)
order by m.created_at, m.id
limit 1
