-- Takes an emergency whose chain is to move, unless another worker has it at this moment, with what its organization says of emergencies.
select
    i.code,
    i.status::text,
    i.message,
    i.service_address,
    i.callback_number::text,
    i.caller_number::text,
    i.round,
    i.step,
    i.opened_at,
    i.acknowledged_at,
    i.acknowledged_name::text,
    i.acknowledged_phone::text,
    i.acknowledged_step,
    i.announced_at,
    i.language_code::text,
    o.name::text as organization_name,
    coalesce(o.timezone, 'America/New_York') as timezone,
    i.rounds,
    r.rounds as rounds_again,
    r.acknowledgement_timeout_minutes
from public.emergency_incidents as i
join public.organizations as o on o.id = i.organization_id
cross join lateral private.emergency_rules(o.settings) as r
where i.organization_id = $1 and i.id = $2 and i.due_at <= private.clock()
for update of i skip locked
