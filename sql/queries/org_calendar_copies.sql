-- Where the coming appointments of a link ($2) lie in its calendar.
select c.resource, c.etag
from private.calendar_copies as c
where c.organization_id = $1 and c.link_id = $2 and c.resource is not null
order by c.original_id
