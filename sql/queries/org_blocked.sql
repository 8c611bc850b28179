-- The numbers whose calls are not taken, the newest first.
select jsonb_build_object('number', b.phone_number, 'reason', b.reason, 'since', b.created_at)
from public.blocked_numbers as b
where b.organization_id = $1
order by b.created_at desc, b.phone_number
