-- Where the appointments of a link ($2) lie in its calendar. One that is not known to be written may lie there too, if its answer was lost.
select c.resource, c.etag, c.written is not null as is_written
from private.calendar_copies as c
where c.organization_id = $1 and c.link_id = $2 and c.resource is not null
order by c.original_id
