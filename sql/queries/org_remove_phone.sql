-- Takes a number from an organization, and counts the active ones that it keeps. No row: it has no such number.
with removed as (
    delete from public.phone_number_assignments as p
    where p.organization_id = $1 and p.phone_number = $2
    returning p.id
)

select count(p.id) as remaining
from removed as r
left join public.phone_number_assignments as p on p.organization_id = $1 and p.is_active and p.id <> r.id
group by r.id
