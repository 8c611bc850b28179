-- Stores under which id ($3) a copy ($2) is about to be written: should its answer be lost, what is found there is known to be ours.
update private.calendar_copies as c
set resource = $3
where c.organization_id = $1 and c.id = $2
