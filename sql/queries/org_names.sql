-- The organizations by name: the one with an id ($1), or all of them.
select
    o.id,
    o.name::text
from public.organizations as o
where $1::uuid is null or o.id = $1
order by lower(o.name), o.id
