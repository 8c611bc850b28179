-- In whose name somebody is invited: the member with this address, or the longest-standing owner when none is given.
select
    m.user_id,
    u.email::text,
    m.role::text
from public.organization_members as m
inner join auth.users as u on u.id = m.user_id
where
    m.organization_id = $1
    and case when $2 is null then m.role = 'owner' else lower(u.email) = lower($2) end
order by m.created_at, m.id
limit 1
