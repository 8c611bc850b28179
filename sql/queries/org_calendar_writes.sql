-- How many copies of a link ($2) of an organization ($1) are being written just now.
select count(*)
from private.calendar_copies as c
where c.organization_id = $1 and c.link_id = $2 and c.claimed_until > private.clock()
