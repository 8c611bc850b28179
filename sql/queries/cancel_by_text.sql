-- The customer cancels an appointment by text message; the reply says so, so that no message of its own does.
with told as (
    select set_config('frontdesk.quiet', 'on', true) as quiet
)

update public.appointments as a
set status = 'cancelled'
from told as t
where a.organization_id = $1 and a.id = $2 and a.status in ('pending', 'confirmed') and t.quiet = 'on'
returning a.id
