-- The account of an organization ($1) with a provider ($2), at an address ($3), as somebody ($4), if it was connected before.
select a.id
from private.calendar_accounts as a
where
    a.organization_id = $1
    and a.provider = $2
    and a.address is not distinct from $3
    and a.username is not distinct from $4
order by a.created_at
limit 1
