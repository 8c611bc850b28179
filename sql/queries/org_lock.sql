-- Holds the organization's row, so that two operators do not make a secret at once.
select o.id
from public.organizations as o
where o.id = $1
for update
